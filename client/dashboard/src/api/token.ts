// Who asks. The token lives as long as the tab: in its session storage, never in a URL.

import { signal } from "@preact/signals";

const PLACE = "cumulog.token";

export const token = signal(sessionStorage.getItem(PLACE) ?? "");

/** Why the page asks to sign in; empty where it does not, as on a stack that is open. */
export const signInReason = signal("");

export function keepToken(text: string): void {
  sessionStorage.setItem(PLACE, text);
  token.value = text;
  signInReason.value = "";
}

export function forgetToken(reason: string): void {
  sessionStorage.removeItem(PLACE);
  token.value = "";
  signInReason.value = reason;
}
