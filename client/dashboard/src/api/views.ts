import type { Schemas } from "./contract";
import { get, post } from "./transport";

export type SavedView = Schemas["replies.SavedView"];
export type WholeView = Schemas["replies.WholeSavedView"];

export async function listViews(experimentId: string, abort?: AbortSignal): Promise<readonly SavedView[]> {
  return (await get("/api/2.0/cumulog/views/list", { experiment_id: experimentId }, abort)).views ?? [];
}

export async function getView(experimentId: string, viewId: string): Promise<WholeView> {
  return (await get("/api/2.0/cumulog/views/get", { experiment_id: experimentId, view_id: viewId })).view;
}

export interface Saving {
  readonly name: string;
  readonly state: string;
  readonly format: number;
  /** The view that is saved anew, in the version that was read; without it a new one is made. */
  readonly over?: Pick<SavedView, "view_id" | "version">;
}

export async function saveView(experimentId: string, { over, ...saving }: Saving): Promise<SavedView> {
  const of = over ? { view_id: over.view_id, version: over.version } : {};
  return (await post("/api/2.0/cumulog/views/save", { experiment_id: experimentId, ...saving, ...of })).view;
}

export async function deleteView(experimentId: string, viewId: string): Promise<void> {
  await post("/api/2.0/cumulog/views/delete", { experiment_id: experimentId, view_id: viewId });
}
