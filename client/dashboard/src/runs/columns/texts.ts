// What a cell reads, and what a CSV has in its place.

import type { Cell } from "../../api/columns";
import type { Field } from "../../ui/csv";
import { ago, duration, moment, number } from "../../ui/format";
import { cellAt, type Table } from "../rows/table";
import type { Column } from "./column";

const MOST_DIGITS = 9;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const STATUS: Readonly<Record<string, string>> = {
  RUNNING: "Running",
  SCHEDULED: "Scheduled",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
};

/** Whether the server has told the column's values yet. */
export function isKnown(table: Table, column: Column): boolean {
  return column.needs.every((name) => table.values.has(name));
}

/** How a cell reads at a moment. */
export function textOf(table: Table, column: Column, run: number, now: number): string {
  const value = raw(table, column, run, now);
  if (value === null) return "";
  if (column.kind === "metric") return metricText(column, Number(value));
  if (column.id === "status") return STATUS[value] ?? String(value);
  if (column.id === "duration") return duration(Number(value));
  if (column.id === "start" || column.id === "end") return ago(Number(value), now);
  return paramText(String(value));
}

/** A text as it is, but a long number in five digits, so that numbers can be compared at a glance. */
export function paramText(text: string): string {
  return text.length > MOST_DIGITS && NUMBER.test(text) ? number(Number(text)) : text;
}

export function metricText(column: Column, value: number): string {
  return column.part === "timestamp" ? moment(value) : number(value);
}

/** What more there is to say of a cell. */
export function hintOf(table: Table, column: Column, run: number): string | undefined {
  const value = cellAt(table, column.needs[0] ?? "", run);
  if (value === null) return undefined;
  if (column.id === "start" || column.id === "end" || column.id === "duration") return moment(Number(value));
  return column.kind === "metric" ? undefined : String(value);
}

/** The value as it is, for a CSV; the length of a run is in seconds, and moments are in UTC. */
export function fieldOf(table: Table, column: Column, run: number, now: number): Field {
  const value = raw(table, column, run, now);
  if (value === null) return null;
  if (column.id === "duration") return Number(value) / 1000;
  const isMoment = column.id === "start" || column.id === "end" || column.part === "timestamp";
  return isMoment ? new Date(Number(value)).toISOString() : value;
}

/** The lines of a CSV: the names of the columns, and the values of some runs. */
export function sheetOfTexts(
  table: Table,
  columns: readonly Column[],
  runs: readonly number[],
  now: number,
): readonly (readonly Field[])[] {
  const names = columns.map((column) => (column.kind === "attribute" ? column.id : (column.needs[0] ?? "")));
  return [names, ...runs.map((run) => columns.map((column) => fieldOf(table, column, run, now)))];
}

/** Whether all values of a column are numbers, so that they stand at the right. */
export function isNumeric(table: Table, column: Column): boolean {
  const values = table.values.get(column.needs[0] ?? "") ?? [];
  return (
    values.some((value) => value !== null) && values.every((value) => value === null || NUMBER.test(String(value)))
  );
}

function raw(table: Table, column: Column, run: number, now: number): Cell {
  const value = cellAt(table, column.needs[0] ?? "", run);
  if (column.id !== "duration") return value === 0 && column.kind === "attribute" ? null : value;
  const status = cellAt(table, "attributes.status", run);
  const end = cellAt(table, "attributes.end_time", run);
  if (!value || (!end && status !== "RUNNING")) return null;
  return Number(end || now) - Number(value);
}
