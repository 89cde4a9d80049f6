// The files of runs and logged models: their names, and their bytes straight from the bucket.

import type { Schemas } from "./contract";
import { Together } from "./together";
import { get, post, stored } from "./transport";

export type Download = Schemas["replies.Download"];

export interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
}

export interface Folder {
  readonly entries: readonly Entry[];
  readonly next: string;
}

/** One level of a run's files, with paths below the run's root. */
export async function listArtifacts(runId: string, path: string, page: string, abort?: AbortSignal): Promise<Folder> {
  const reply = await get(
    "/api/2.0/mlflow/artifacts/list",
    { run_id: runId, ...(path ? { path } : {}), ...(page ? { page_token: page } : {}) },
    abort,
  );
  const entries = (reply.files ?? []).map((each) => ({
    path: each.path,
    isFolder: each.is_dir,
    size: each.file_size ?? 0,
  }));
  return { entries, next: reply.next_page_token ?? "" };
}

/** Where a file can be fetched for five minutes, its size and digest. */
export async function downloadOf(path: string, abort?: AbortSignal): Promise<Download> {
  const [found] = await downloads([path], abort);
  if (!found) throw new Error(`There is no file ${path}.`);
  return found;
}

const together = new Together((paths: string[]) => downloads(paths), 100);

/** The same for many files that are shown at the same time, by one question. */
export function downloadAmongOthers(path: string): Promise<Download> {
  return together.ask(path);
}

async function downloads(paths: string[], abort?: AbortSignal): Promise<readonly Download[]> {
  return (await post("/api/2.0/cumulog/artifacts/downloads", { paths }, abort)).downloads ?? [];
}

/** The first bytes of a file. */
export function head(file: Download, most: number, abort?: AbortSignal): Promise<ArrayBuffer> {
  return file.size === 0 ? Promise.resolve(new ArrayBuffer(0)) : part(file, 0, Math.min(most, file.size), abort);
}

/** Bytes of a file; `end` is not among them. */
export function part(file: Download, start: number, end: number, abort?: AbortSignal): Promise<ArrayBuffer> {
  return stored(file.url, start, end, abort);
}
