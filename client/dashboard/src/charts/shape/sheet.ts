// The points and buckets of a chart as rows, for a spreadsheet.

import type { XAxis } from "../../api/curves";
import type { Field } from "../../ui/csv";
import type { Labelled, Range } from "./view";

/** What reaches into the range: of a point, both places and all values are the same. */
export function sheetOf(lines: readonly Labelled[], axis: XAxis, range: Range): Field[][] {
  const unit = axis === "step" ? axis : `${axis} (ms)`;
  const head = ["name", "id", `${unit} from`, `${unit} to`, "last", "lowest", "highest"];
  return [head, ...lines.flatMap((line) => rowsOf(line, range))];
}

function rowsOf({ id, label, curve }: Labelled, { from, to }: Range): Field[][] {
  const rows: Field[][] = [];
  for (const [at, start] of curve.start.entries()) {
    const end = curve.end[at] ?? start;
    if (end < from || start > to) continue;
    rows.push([label, id, start, end, curve.last[at] ?? null, curve.min[at] ?? null, curve.max[at] ?? null]);
  }
  return rows;
}
