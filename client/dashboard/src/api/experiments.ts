import type { Schemas } from "./contract";
import { get, post } from "./transport";

export type Experiment = Schemas["replies.Experiment"];
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface ExperimentsPage {
  readonly experiments: readonly Experiment[];
  readonly next: string;
}

/** Experiments whose name contains a text, the ones changed last first, a page at a time. */
export async function searchExperiments(
  text: string,
  view: ViewType,
  page: string,
  abort?: AbortSignal,
): Promise<ExperimentsPage> {
  const reply = await post(
    "/api/2.0/mlflow/experiments/search",
    {
      max_results: 100,
      view_type: view,
      order_by: ["last_update_time DESC"],
      ...(text ? { filter: `name ILIKE '%${text.replaceAll("'", "''")}%'` } : {}),
      ...(page ? { page_token: page } : {}),
    },
    abort,
  );
  return { experiments: reply.experiments ?? [], next: reply.next_page_token ?? "" };
}

export async function getExperiment(experimentId: string, abort?: AbortSignal): Promise<Experiment> {
  return (await get("/api/2.0/mlflow/experiments/get", { experiment_id: experimentId }, abort)).experiment;
}

export async function createExperiment(name: string): Promise<string> {
  return (await post("/api/2.0/mlflow/experiments/create", { name })).experiment_id;
}

export async function renameExperiment(experimentId: string, name: string): Promise<void> {
  await post("/api/2.0/mlflow/experiments/update", { experiment_id: experimentId, new_name: name });
}

export async function deleteExperiment(experimentId: string): Promise<void> {
  await post("/api/2.0/mlflow/experiments/delete", { experiment_id: experimentId });
}

export async function restoreExperiment(experimentId: string): Promise<void> {
  await post("/api/2.0/mlflow/experiments/restore", { experiment_id: experimentId });
}

export async function setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
  await post("/api/2.0/mlflow/experiments/set-experiment-tag", { experiment_id: experimentId, key, value });
}
