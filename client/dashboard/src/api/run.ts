// One run: what is known of it, and what can be done with it.

import type { Schemas } from "./contract";
import { get, post } from "./transport";

export type Run = Schemas["replies.Run"];
export type RunInfo = Schemas["replies.RunInfo"];
export type DatasetInput = Schemas["replies.DatasetInput"];
export type Pair = Schemas["replies.KeyValue"];
export type LoggedModel = Schemas["replies.LoggedModel"];
export type ModelFiles = Schemas["replies.CatalogueModel"];

const MOST_CHILDREN = 100;

export async function getRun(runId: string, abort?: AbortSignal): Promise<Run> {
  return (await get("/api/2.0/mlflow/runs/get", { run_id: runId }, abort)).run;
}

export async function renameRun(runId: string, name: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/update", { run_id: runId, run_name: name });
}

export async function deleteRun(runId: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/delete", { run_id: runId });
}

export async function restoreRun(runId: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/restore", { run_id: runId });
}

export async function setTag(runId: string, key: string, value: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/set-tag", { run_id: runId, key, value });
}

export async function deleteTag(runId: string, key: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/delete-tag", { run_id: runId, key });
}

export interface Extremes {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The lowest and highest values of a run's metrics, those that the server knows. */
export async function extremes(
  run: RunInfo,
  keys: readonly string[],
  abort?: AbortSignal,
): Promise<Map<string, Extremes>> {
  const found = new Map<string, Extremes>();
  for (let at = 0; at < keys.length; at += 30) {
    const some = keys.slice(at, at + 30);
    const columns = some.flatMap((key) => [`metrics.${key}@min`, `metrics.${key}@max`]);
    const question = { experiment_ids: [run.experiment_id], filter: `attributes.run_id = '${run.run_id}'` };
    const view = run.lifecycle_stage === "deleted" ? ("DELETED_ONLY" as const) : ("ACTIVE_ONLY" as const);
    const reply = await post(
      "/api/2.0/cumulog/runs/columns",
      { ...question, columns, run_view_type: view, max_results: 1 },
      abort,
    );
    for (const [place, key] of some.entries()) {
      found.set(key, { min: cell(reply, columns[2 * place]), max: cell(reply, columns[2 * place + 1]) });
    }
  }
  return found;
}

function cell(reply: unknown, column: string | undefined): number | undefined {
  const { columns } = reply as { columns?: Record<string, (number | string | null)[]> };
  const value = columns?.[column ?? ""]?.[0];
  return value === undefined || value === null ? undefined : Number(value);
}

export interface Named {
  readonly runId: string;
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
}

/** The runs that name this one as their parent, the last started first. */
export async function children(run: RunInfo, abort?: AbortSignal): Promise<{ runs: Named[]; isMore: boolean }> {
  const reply = await post(
    "/api/2.0/mlflow/runs/search",
    {
      experiment_ids: [run.experiment_id],
      filter: `tags.\`mlflow.parentRunId\` = '${run.run_id}'`,
      run_view_type: "ACTIVE_ONLY",
      max_results: MOST_CHILDREN,
    },
    abort,
  );
  return { runs: (reply.runs ?? []).map(({ info }) => named(info)), isMore: Boolean(reply.next_page_token) };
}

export function named(info: RunInfo): Named {
  const { run_id: runId, run_name: name = "", status, start_time: startTime = 0 } = info;
  return { runId, name, status, startTime };
}

/** A logged model, also a deleted one. */
export async function getModel(modelId: string, abort?: AbortSignal): Promise<LoggedModel> {
  const path = "/api/2.0/mlflow/logged-models/{model_id}";
  return (await get(path, { allow_deleted: true }, abort, { model_id: modelId })).model;
}

/** What the files of a model say: flavors, signature, input example. */
export async function getModelFiles(folder: string, abort?: AbortSignal): Promise<ModelFiles> {
  return (await get("/api/2.0/cumulog/catalogue/entry", { path: folder }, abort)).entry;
}
