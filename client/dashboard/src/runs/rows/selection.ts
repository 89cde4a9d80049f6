// Which runs are selected, by their ids, so that they stay so while the order changes.

import type { Line } from "./lines";
import type { Table } from "./table";

export type Selection = ReadonlySet<string>;

/** The runs of a line: of a group all its members. */
export function runsOfLine(line: Line | undefined, table: Table): readonly string[] {
  if (!line) return [];
  const places = line.kind === "run" ? [line.run] : line.members;
  return places.map((place) => table.ids[place] ?? "");
}

export function isSelected(selection: Selection, line: Line | undefined, table: Table): boolean {
  const runs = runsOfLine(line, table);
  return runs.length > 0 && runs.every((id) => selection.has(id));
}

/** With these runs, or without them. */
export function withRuns(selection: Selection, runs: Iterable<string>, isIn: boolean): Selection {
  const after = new Set(selection);
  for (const id of runs) {
    if (isIn) after.add(id);
    else after.delete(id);
  }
  return after;
}

/** The runs of the lines from one to another, both included. */
export function runsBetween(lines: readonly Line[], table: Table, one: number, other: number): readonly string[] {
  const [from, to] = one < other ? [one, other] : [other, one];
  return lines.slice(Math.max(from, 0), to + 1).flatMap((line) => runsOfLine(line, table));
}
