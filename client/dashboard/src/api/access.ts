import type { AnswerOf, Schemas } from "./contract";
import { get, post, postLocal } from "./transport";

export type Me = AnswerOf<"/api/2.0/cumulog/access/me">;
export type Token = Schemas["replies.Token"];

export function whoAmI(abort?: AbortSignal): Promise<Me> {
  return get("/api/2.0/cumulog/access/me", {}, abort);
}

/** The tokens of the caller, also those that are used up. */
export async function myTokens(abort?: AbortSignal): Promise<readonly Token[]> {
  return (await get("/api/2.0/cumulog/access/tokens/list", {}, abort)).tokens ?? [];
}

/** A new token's text, which is shown once. */
export async function createToken(label: string, scopes: string[], seconds: number | undefined): Promise<string> {
  const lasts = seconds === undefined ? {} : { expires_in_seconds: seconds };
  return (await post("/api/2.0/cumulog/access/tokens/create", { label, scopes, ...lasts })).text;
}

export async function revokeToken(tokenId: string): Promise<void> {
  await post("/api/2.0/cumulog/access/tokens/revoke", { token_id: tokenId });
}

/** The token for the code of a sign-in link, which the local stack alone has. */
export async function tokenOfCode(code: string): Promise<string> {
  return (await postLocal<{ token: string }>("/local/sign-in", { code })).token;
}
