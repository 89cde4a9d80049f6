// Runs as columns: an array for each column instead of a message for each run; and which columns there are.

import type { ViewType } from "./experiments";
import { get, post } from "./transport";

/** A metric's value is a number or "NaN", "Infinity" and "-Infinity"; null where a run has none. */
export type Cell = string | number | null;

/** How many columns one call may name. */
export const MOST_COLUMNS = 60;

export interface ColumnsQuestion {
  readonly experimentId: string;
  readonly filter: string;
  readonly order: readonly string[];
  readonly view: ViewType;
  readonly columns: readonly string[];
  readonly rows: number;
  /** The token of a further page; empty for the first. */
  readonly page: string;
}

export interface Rows {
  readonly run_ids: readonly string[];
  readonly columns: Readonly<Record<string, readonly Cell[]>>;
}

interface Told {
  readonly etag: string;
  readonly next_page_token?: string;
}

export interface WholeReply extends Told, Rows {
  readonly cursor: string;
}

export interface ChangesReply extends Told {
  readonly cursor: string;
  readonly changed: Rows;
  /** All ids in their order, if it or the runs changed. */
  readonly run_ids?: readonly string[];
}

export interface UnchangedReply extends Told {
  readonly unchanged: true;
}

export async function readColumns(question: ColumnsQuestion, abort?: AbortSignal): Promise<WholeReply> {
  return (await asked(question, {}, abort)) as WholeReply;
}

/** What changed in a page since the reply that had this cursor. */
export async function readChanges(
  question: ColumnsQuestion,
  since: string,
  abort?: AbortSignal,
): Promise<ChangesReply | UnchangedReply> {
  return (await asked(question, { since }, abort)) as ChangesReply | UnchangedReply;
}

// The OpenAPI document has no type for this reply, since the names of its columns are the caller's.
function asked(question: ColumnsQuestion, more: { since?: string }, abort?: AbortSignal): Promise<unknown> {
  const { experimentId, filter, order, view, columns, rows, page } = question;
  const body = {
    experiment_ids: [experimentId],
    run_view_type: view,
    max_results: rows,
    columns: [...columns],
    ...(filter ? { filter } : {}),
    ...(order.length ? { order_by: [...order] } : {}),
    ...(page ? { page_token: page } : {}),
    ...more,
  };
  return post("/api/2.0/cumulog/runs/columns", body, abort);
}

export interface CountedName {
  readonly key: string;
  readonly runs: number;
}

/** The names that runs use, the most frequent first, of the runs that started last. */
export interface ColumnNames {
  readonly runs: number;
  readonly is_sample: boolean;
  readonly metrics: readonly CountedName[];
  readonly params: readonly CountedName[];
  readonly tags: readonly CountedName[];
  readonly left_out: { readonly metrics: number; readonly params: number; readonly tags: number };
}

export async function columnNames(experimentId: string, abort?: AbortSignal): Promise<ColumnNames> {
  const names: unknown = await get("/api/2.0/cumulog/runs/columns/names", { experiment_ids: [experimentId] }, abort);
  return names as ColumnNames;
}
