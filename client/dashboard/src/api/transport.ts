// The one place that fetches. Every call carries the token; whether the server answers is known to all pages.

import { signal } from "@preact/signals";
import type { AnswerOf, BodyOf, GetPath, PostPath, QuestionOf, ReplyOf } from "./contract";
import { ApiError, failureOf, isAborted, StorageAway, Unreachable } from "./failures";
import { refuseToken, token } from "./token";

/** Whether the last call reached the server. */
export const isReachable = signal(true);

// The gateway itself gives up after half a minute.
const MOST_MS = 40_000;

/** `places` fill what stands in braces in the path. */
export function get<Path extends GetPath>(
  path: Path,
  question: QuestionOf<Path>,
  abort?: AbortSignal,
  places: Readonly<Record<string, string>> = {},
): Promise<AnswerOf<Path>> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? ""));
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(question as Record<string, unknown>)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) parameters.append(name, String(each));
    }
  }
  const asked = parameters.size ? `${filled}?${parameters}` : filled;
  return json(asked, abort ? { signal: abort } : {});
}

export function post<Path extends PostPath>(
  path: Path,
  body: BodyOf<Path>,
  abort?: AbortSignal,
): Promise<ReplyOf<Path>> {
  return json(path, written(body, abort));
}

/** A call of the local stack itself, which the API's document does not know. */
export function postLocal<Reply>(path: string, body: unknown): Promise<Reply> {
  return json(path, written(body));
}

/** A reply that is bytes: those of an artifact, or of curves. */
export async function bytes(path: string, options: RequestInit): Promise<ArrayBuffer> {
  return (await answered(path, options)).arrayBuffer();
}

/** Bytes of a file of the bucket, by its presigned URL; `end` is not among them. No token goes there. */
export async function stored(url: string, start: number, end: number, abort?: AbortSignal): Promise<ArrayBuffer> {
  const options = { credentials: "omit", cache: "no-store", ...(abort ? { signal: abort } : {}) } as const;
  try {
    const reply = await fetch(url, { ...options, headers: { Range: `bytes=${start}-${end - 1}` } });
    // An empty file has no range.
    if (reply.status === 416) return new ArrayBuffer(0);
    if (!reply.ok) throw new ApiError(reply.status, "STORAGE", `The storage answered ${reply.status}.`);
    return await reply.arrayBuffer();
  } catch (error) {
    if (isAborted(error) || error instanceof ApiError) throw error;
    throw new StorageAway();
  }
}

export function written(body: unknown, abort?: AbortSignal): RequestInit {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body), ...(abort ? { signal: abort } : {}) };
}

async function json<Answer>(path: string, options: RequestInit): Promise<Answer> {
  const reply = await answered(path, options);
  try {
    const answer: unknown = await reply.json();
    if (typeof answer === "object" && answer !== null) return answer as Answer;
  } catch (error) {
    if (isAborted(error)) throw error;
  }
  // Something between the page and the server answered, such as a proxy that asks to sign in.
  isReachable.value = false;
  throw new Unreachable();
}

async function answered(path: string, options: RequestInit): Promise<Response> {
  const headers = new Headers(options.headers);
  if (token.value) headers.set("Authorization", `Bearer ${token.value}`);
  const reply = await reached(path, { ...options, headers, credentials: "omit", cache: "no-store" });
  if (reply.ok) return reply;
  const failure = await failureOf(reply);
  isReachable.value = failure instanceof ApiError;
  if (reply.status === 401) refuseToken();
  throw failure;
}

/** A signal that also ends a question which nobody answers. */
function within(ms: number, abort: AbortSignal | null | undefined): AbortSignal {
  const late = AbortSignal.timeout(ms);
  return abort ? AbortSignal.any([abort, late]) : late;
}

async function reached(path: string, options: RequestInit): Promise<Response> {
  try {
    const reply = await fetch(path, { ...options, signal: within(MOST_MS, options.signal) });
    isReachable.value = true;
    return reply;
  } catch (error) {
    if (isAborted(error)) throw error;
    isReachable.value = false;
    throw new Unreachable();
  }
}
