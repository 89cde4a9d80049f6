// What a token is at a moment, and which scopes a new one may have.

import type { Token } from "../api/access";

export type TokenState = "valid" | "expired" | "revoked";

/** Scopes to choose from: the first is what most jobs need. */
export const SCOPES: readonly (readonly [string, string])[] = [
  ["experiment:EDIT:*", "Log runs: write to all experiments that you may write to"],
  ["experiment:READ:*", "Read experiments"],
  ["registered_model:EDIT:*", "Register models and change their versions"],
  ["registered_model:READ:*", "Read registered models"],
];

/** Everything that its owner may do. */
export const ALL = "all";

export const DAYS: readonly number[] = [1, 7, 30, 90, 365];

export function stateOf(token: Token, now: number): TokenState {
  if (token.revoked) return "revoked";
  return token.expires <= now ? "expired" : "valid";
}

/** Valid ones first, the newest of each first. */
export function ordered(tokens: readonly Token[], now: number): Token[] {
  const rank = (token: Token) => (stateOf(token, now) === "valid" ? 0 : 1);
  return [...tokens].sort((one, other) => rank(one) - rank(other) || other.created - one.created);
}
