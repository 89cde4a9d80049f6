// The values of one question, a page of runs, and how a reply to `since` changes them.

import type { Cell, ChangesReply, Rows, UnchangedReply, WholeReply } from "../../api/columns";

export type Columns = Readonly<Record<string, readonly Cell[]>>;

export interface Sheet {
  readonly ids: readonly string[];
  readonly columns: Columns;
  /** With which the server says what has changed since. */
  readonly cursor: string;
  /** The token of the page after this one; empty if there is none. */
  readonly next: string;
}

export function sheetOf(reply: WholeReply): Sheet {
  return {
    ids: reply.run_ids,
    columns: read(reply.columns),
    cursor: reply.cursor,
    next: reply.next_page_token ?? "",
  };
}

/** The sheet as it is after a reply to its cursor; the same object if nothing changed. */
export function merged(sheet: Sheet, reply: ChangesReply | UnchangedReply): Sheet {
  if ("unchanged" in reply) return sheet;
  const ids = reply.run_ids ?? sheet.ids;
  const fresh = read(reply.changed.columns);
  const changes = changed(ids, reply.changed);
  const source = ids === sheet.ids ? undefined : sources(sheet.ids, ids);
  const columns = Object.entries(sheet.columns).map(([name, before]) => {
    const after = source ? source.map((at) => before[at] ?? null) : [...before];
    for (const [at, change] of changes) after[at] = fresh[name]?.[change] ?? null;
    return [name, after] as const;
  });
  return { ids, columns: Object.fromEntries(columns), cursor: reply.cursor, next: reply.next_page_token ?? "" };
}

/** Where each of the ids was before; -1 if it is new. */
function sources(before: readonly string[], ids: readonly string[]): readonly number[] {
  const places = new Map(before.map((id, at) => [id, at]));
  return ids.map((id) => places.get(id) ?? -1);
}

/** Of each changed row its place among the ids, and its place among the changes. */
function changed(ids: readonly string[], rows: Rows): readonly (readonly [number, number])[] {
  const changes = new Map(rows.run_ids.map((id, at) => [id, at]));
  return ids.flatMap((id, at) => {
    const change = changes.get(id);
    return change === undefined ? [] : [[at, change] as const];
  });
}

/** The columns with the numbers that JSON has no sign for. */
function read(columns: Columns): Columns {
  const found = Object.entries(columns).map(([name, values]) => [name, isMetric(name) ? numbers(values) : values]);
  return Object.fromEntries(found);
}

function isMetric(name: string): boolean {
  return name.startsWith("metrics.");
}

function numbers(values: readonly Cell[]): readonly Cell[] {
  return values.some((value) => typeof value === "string")
    ? values.map((value) => (typeof value === "string" ? Number(value) : value))
    : values;
}
