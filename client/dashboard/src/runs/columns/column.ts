// The columns of the table: what each shows of a run, which values it needs from the server, how it is ordered.

import type { ColumnNames } from "../../api/columns";

export type Kind = "attribute" | "metric" | "param" | "tag";

/** Which of a metric's values a column shows. */
export type Part = "" | "min" | "max" | "step" | "min_step" | "max_step" | "timestamp";

export interface Column {
  /** As the address has it: `status`, `m.val/loss@min`, `p.lr`, `t.team`. */
  readonly id: string;
  readonly kind: Kind;
  readonly key: string;
  readonly part: Part;
  readonly title: string;
  /** The names that the server knows its values by. */
  readonly needs: readonly string[];
  readonly isNumber: boolean;
}

export const PARTS: readonly (readonly [Part, string])[] = [
  ["", "last value"],
  ["min", "lowest value"],
  ["max", "highest value"],
  ["step", "step of the last value"],
  ["min_step", "step of the lowest value"],
  ["max_step", "step of the highest value"],
  ["timestamp", "time of the last value"],
];

const ATTRIBUTES: Readonly<Record<string, readonly [title: string, needs: readonly string[]]>> = {
  name: ["Name", ["attributes.run_name"]],
  status: ["Status", ["attributes.status"]],
  start: ["Started", ["attributes.start_time"]],
  duration: ["Duration", ["attributes.start_time", "attributes.end_time"]],
  end: ["Ended", ["attributes.end_time"]],
  user: ["User", ["attributes.user_id"]],
  id: ["Run id", ["attributes.run_id"]],
  artifacts: ["Artifacts", ["attributes.artifact_uri"]],
};
export const ATTRIBUTE_IDS = Object.keys(ATTRIBUTES);
const NUMBERS = ["duration"];
const PREFIXES: Readonly<Record<string, readonly [Kind, string]>> = {
  m: ["metric", "metrics"],
  p: ["param", "params"],
  t: ["tag", "tags"],
};

export const PARENT = "tags.mlflow.parentRunId";
/** What every view needs, whatever it shows. */
export const ALWAYS: readonly string[] = [
  "attributes.run_name",
  "attributes.status",
  "attributes.start_time",
  "attributes.end_time",
];

/** The column that an id names; undefined if none does. */
export function columnOf(id: string): Column | undefined {
  const attribute = Object.hasOwn(ATTRIBUTES, id) ? ATTRIBUTES[id] : undefined;
  if (attribute) {
    const [title, needs] = attribute;
    return { id, kind: "attribute", key: id, part: "", title, needs, isNumber: NUMBERS.includes(id) };
  }
  const [prefix, ...rest] = id.split(".");
  const known = Object.hasOwn(PREFIXES, prefix ?? "") ? PREFIXES[prefix ?? ""] : undefined;
  const name = rest.join(".");
  if (!known || !name) return undefined;
  return known[0] === "metric" ? metric(id, name) : named(id, known, name);
}

function metric(id: string, name: string): Column | undefined {
  const [key = "", ...parts] = name.split("@");
  const part = PARTS.find(([each]) => each === parts.join("@"))?.[0];
  if (!key || part === undefined) return undefined;
  const title = part ? `${key} ${part.replace("_", " ")}` : key;
  return { id, kind: "metric", key, part, title, needs: [`metrics.${name}`], isNumber: true };
}

function named(id: string, [kind, prefix]: readonly [Kind, string], key: string): Column {
  return { id, kind, key, part: "", title: key, needs: [`${prefix}.${key}`], isNumber: false };
}

/** The same metric's column of another part. */
export function withPart(column: Column, part: Part): string {
  return `m.${column.key}${part ? `@${part}` : ""}`;
}

/** How the server spells the order by a column; undefined where it cannot order by it. */
export function orderOf(column: Column): string | undefined {
  const [name = ""] = column.needs;
  if (column.kind === "attribute") return column.id === "duration" ? undefined : name;
  if (column.part || /[`"\\]/.test(column.key)) return undefined;
  return `${name.slice(0, name.indexOf("."))}.\`${column.key}\``;
}

/** How a filter spells the values of a column. */
export function filterName(kind: Kind, key: string): string {
  const prefix = kind === "attribute" ? "attributes" : `${kind}s`;
  return /^[a-z_]\w*(\.\w+)*$/i.test(key) ? `${prefix}.${key}` : `${prefix}.\`${key}\``;
}

/** All columns that the runs offer, the most frequent first within each kind. */
export function offered(names: ColumnNames): Readonly<Record<Kind, readonly { id: string; runs: number }[]>> {
  return {
    attribute: ATTRIBUTE_IDS.map((id) => ({ id, runs: names.runs })),
    metric: names.metrics.map(({ key, runs }) => ({ id: `m.${key}`, runs })),
    param: names.params.map(({ key, runs }) => ({ id: `p.${key}`, runs })),
    tag: names.tags.map(({ key, runs }) => ({ id: `t.${key}`, runs })),
  };
}
