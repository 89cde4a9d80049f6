// Signing in by the link that `make up AUTH=on` prints. Its code works once; it leaves the address before it is used.

import { tokenOfCode } from "../api/access";
import { told } from "../api/failures";
import { askToSignIn, keepToken, signInReason, token } from "../api/token";
import { me } from "../session/me";
import { replace, route } from "./location";

/** Sign in if the address is such a link. */
export async function signInByLink(): Promise<void> {
  const { path, query } = route.peek();
  const code = query.get("code");
  if (path[0] !== "signin" || !code) return;
  replace([]);
  try {
    keepToken(await tokenOfCode(code));
    // A page that is open already asks to sign in, or holds what somebody else may see.
    if (me.peek() || signInReason.peek() !== undefined) location.reload();
  } catch (error) {
    // A link from anywhere signs nobody out.
    if (!token.peek()) askToSignIn(told(error));
  }
}
