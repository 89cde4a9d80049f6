// Fields and their values as people read them.

import type { Cell } from "../../api/columns";
import { paramText } from "../../runs/columns/texts";
import { duration, moment, number } from "../../ui/format";
import type { Axis } from "./axes";
import type { Field } from "./fields";
import type { Compared } from "./table";

const TITLES: Readonly<Record<string, string>> = {
  "attributes.status": "status",
  "attributes.start_time": "started",
  "attributes.end_time": "ended",
  "tags.mlflow.source.git.commit": "git commit",
  "tags.mlflow.source.git.dirty": "uncommitted changes",
  "tags.mlflow.source.name": "source",
  "tags.mlflow.user": "user",
};

export function titleOf(field: Field): string {
  return TITLES[field.column] ?? field.key;
}

export function valueText(field: Field, value: Cell): string {
  if (value === null) return "–";
  if (field.column.endsWith("_time") && typeof value === "number") return moment(value);
  if (field.column === "duration") return duration(Number(value));
  return field.kind === "metrics" ? number(Number(value)) : paramText(String(value));
}

/** The name of a run, and a line for each of these fields with the value that it has. */
export function textsOf(compared: Compared, run: number, axes: readonly (Axis | undefined)[]): string {
  const fields = new Set(axes.flatMap((axis) => (axis ? [axis.field] : [])));
  const lines = [...fields].map((field) => `${titleOf(field)}: ${valueText(field, field.values[run] ?? null)}`);
  return [compared.names[run], ...lines].join("\n");
}
