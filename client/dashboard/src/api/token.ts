// Who asks. The token lives as long as the tab: in its session storage, never in a URL.

import { signal } from "@preact/signals";

const PLACE = "cumulog.token";
const REFUSED = "The server does not take this token: it is mistyped, has ended or was revoked.";

export const token = signal(sessionStorage.getItem(PLACE) ?? "");

/** Why the page asks to sign in; undefined while it does not, as on a stack that is open. */
export const signInReason = signal<string | undefined>(undefined);

export function keepToken(text: string): void {
  sessionStorage.setItem(PLACE, text);
  token.value = text;
}

export function signOut(): void {
  askToSignIn("");
}

/** The server refused a call for want of a valid token. */
export function refuseToken(): void {
  // Of several calls at once only the first finds the token.
  askToSignIn(token.value ? REFUSED : (signInReason.value ?? ""));
}

export function admitted(): void {
  signInReason.value = undefined;
}

/** Show the page for signing in, with why. */
export function askToSignIn(reason: string): void {
  sessionStorage.removeItem(PLACE);
  token.value = "";
  signInReason.value = reason;
}
