// What the compared runs have, by field: the values of all of them, and whether they differ.

import type { Cell } from "../../api/columns";
import { rankOf } from "../../runs/columns/defaults";

export type Kind = "attributes" | "params" | "metrics" | "tags";

export interface Field {
  /** As the API names the column: `params.lr`. */
  readonly column: string;
  readonly kind: Kind;
  readonly key: string;
  /** One for each run, in their order; null where a run has none. */
  readonly values: readonly Cell[];
}

export interface Share {
  readonly value: Cell;
  readonly runs: number;
}

export function fieldOf(column: string, values: readonly Cell[]): Field {
  const at = column.indexOf(".");
  return { column, kind: column.slice(0, at) as Kind, key: column.slice(at + 1), values };
}

export function differs(field: Field): boolean {
  return field.values.some((value) => value !== field.values[0]);
}

/** Each value with the number of runs that have it, the most frequent first. */
export function shares(field: Field): Share[] {
  const counts = new Map<Cell, number>();
  for (const value of field.values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const found = [...counts].map(([value, runs]) => ({ value, runs }));
  return found.sort((one, other) => other.runs - one.runs || String(one.value).localeCompare(String(other.value)));
}

/** A value as a number: of a param, what its text says. NaN where there is none. */
export function numberOf(value: Cell): number {
  if (typeof value === "number") return value;
  if (value === null || value.trim() === "") return Number.NaN;
  return Number(value);
}

/** Whether all values that there are, are numbers; a metric's always are. */
export function isNumeric(field: Field): boolean {
  if (field.kind === "metrics") return true;
  const present = field.values.filter((value) => value !== null && value !== "None" && value !== "nan");
  return present.length > 0 && present.every((value) => !Number.isNaN(numberOf(value)));
}

/** Five numbers that describe others: the least, the quartiles between, the greatest. Undefined without numbers. */
export function fiveNumbers(values: Iterable<number>): readonly [number, number, number, number, number] | undefined {
  const sorted = [...values].filter(Number.isFinite).sort((one, other) => one - other);
  if (sorted.length === 0) return undefined;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + ((sorted[Math.ceil(place)] ?? 0) - below) * (place % 1);
  };
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

/** Whether runs that have the field differ in it. */
export function varies(field: Field): boolean {
  return differs({ ...field, values: field.values.filter((value) => value !== null) });
}

/** Params first, as they are what somebody changed; metrics as people look at them; else by name. */
export function ordered(fields: readonly Field[]): Field[] {
  const kinds: readonly Kind[] = ["params", "tags", "attributes", "metrics"];
  const rank = (field: Field) => kinds.indexOf(field.kind);
  const within = (field: Field) => (field.kind === "metrics" ? rankOf(field.key) : 0);
  return [...fields].sort(
    (one, other) => rank(one) - rank(other) || within(one) - within(other) || one.key.localeCompare(other.key),
  );
}
