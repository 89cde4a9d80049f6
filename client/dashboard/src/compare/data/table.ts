// The compared runs as one table, made of several replies.

import type { Cell, WholeReply } from "../../api/columns";
import { type Field, fieldOf } from "./fields";

export const MOST_RUNS = 300;

export interface Compared {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly fields: readonly Field[];
  /** Those that were asked for and do not exist, or may not be seen. */
  readonly missing: readonly string[];
  /** How many fields were left out. */
  readonly leftOut: number;
}

/** One table of several replies, in the order in which the runs were asked for. */
export function put(asked: readonly string[], replies: readonly WholeReply[], leftOut: number): Compared {
  const places = replies.map((reply) => new Map(reply.run_ids.map((id, at) => [id, at])));
  const ids = asked.filter((id) => places.every((place) => place.has(id)));
  const fields = replies.flatMap((reply, number) =>
    Object.entries(reply.columns).map(([column, cells]) => {
      const values = ids.map((id): Cell => cells[places[number]?.get(id) ?? -1] ?? null);
      return fieldOf(column, values);
    }),
  );
  const named = fields.find((field) => field.column === "attributes.run_name");
  const names = ids.map((id, at) => String(named?.values[at] ?? id.slice(0, 8)));
  const shown = fields.filter((field) => field !== named && field.values.some((value) => value !== null));
  return { ids, names, fields: shown, missing: asked.filter((id) => !ids.includes(id)), leftOut };
}

/** The ids in an address: only what may be one, each once. No more than 300 are compared. */
export function parseIds(text: string): string[] {
  return [...new Set(text.split(",").filter((id) => /^[0-9a-f]{32}$/.test(id)))];
}
