// Signing in by the link that `make up AUTH=on` prints. Its code works once; it leaves the address before it is used.

import { tokenOfCode } from "../api/access";
import { told } from "../api/failures";
import { askToSignIn, keepToken } from "../api/token";
import { replace, route } from "./location";

/** Sign in if the address is such a link. */
export async function signInByLink(): Promise<void> {
  const { path, query } = route.peek();
  const code = query.get("code");
  if (path[0] !== "signin" || !code) return;
  replace([]);
  try {
    keepToken(await tokenOfCode(code));
  } catch (error) {
    askToSignIn(told(error));
  }
}
