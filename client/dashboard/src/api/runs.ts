import { post } from "./transport";

export async function deleteRun(runId: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/delete", { run_id: runId });
}

export async function restoreRun(runId: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/restore", { run_id: runId });
}

export async function setRunTag(runId: string, key: string, value: string): Promise<void> {
  await post("/api/2.0/mlflow/runs/set-tag", { run_id: runId, key, value });
}
