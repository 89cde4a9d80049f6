// What the table shows: pages of sheets, side by side and below each other, in an order that stays while one reads.

import type { Cell } from "../../api/columns";
import type { Sheet } from "./sheet";

export interface Table {
  readonly ids: readonly string[];
  /** Where each run is. */
  readonly at: ReadonlyMap<string, number>;
  /** The values by the server's name of the column, in the order of the ids. */
  readonly values: ReadonlyMap<string, readonly Cell[]>;
}

/** A page: sheets of the same runs with different columns. The first has the order. */
export type Page = readonly Sheet[];

export const NO_RUNS = tableOf([]);

/** Pages below each other; a run that a later page has again stays where it was first. */
export function tableOf(pages: readonly Page[]): Table {
  const whole = pages.map(joined);
  const ids = [...new Set(whole.flatMap((page) => page.ids))];
  const at = new Map(ids.map((id, place) => [id, place]));
  const values = new Map<string, Cell[]>();
  for (const page of whole) {
    const places = page.ids.map((id) => at.get(id) ?? 0);
    for (const [name, cells] of page.values) {
      const column = values.get(name) ?? new Array<Cell>(ids.length).fill(null);
      values.set(name, column);
      for (const [index, place] of places.entries()) column[place] = cells[index] ?? null;
    }
  }
  return { ids, at, values };
}

function joined(page: Page): { ids: readonly string[]; values: ReadonlyMap<string, readonly Cell[]> } {
  const ids = page[0]?.ids ?? [];
  const values = new Map<string, readonly Cell[]>();
  for (const sheet of page) {
    const isAligned =
      sheet.ids === ids || (sheet.ids.length === ids.length && sheet.ids.every((id, at) => id === ids[at]));
    const places = isAligned ? undefined : new Map(sheet.ids.map((id, at) => [id, at]));
    for (const [name, cells] of Object.entries(sheet.columns)) {
      values.set(name, places ? ids.map((id) => cells[places.get(id) ?? -1] ?? null) : cells);
    }
  }
  return { ids, values };
}

/** The runs in the order that is shown, with the latest values; those that are gone keep the ones they had. */
export function kept(shown: Table, latest: Table): Table {
  if (isSameOrder(shown.ids, latest.ids)) return latest;
  const places = shown.ids.map((id) => latest.at.get(id) ?? -1);
  const values = new Map<string, readonly Cell[]>();
  for (const [name, fresh] of latest.values) {
    const before = shown.values.get(name);
    const cells = places.map((place, index) => (place < 0 ? before?.[index] : fresh[place]) ?? null);
    values.set(name, cells);
  }
  return { ids: shown.ids, at: shown.at, values };
}

/** The table with more runs below, whose values are still to come. */
export function extended(table: Table, more: readonly string[]): Table {
  const ids = [...new Set([...table.ids, ...more])];
  return { ids, at: new Map(ids.map((id, at) => [id, at])), values: table.values };
}

/** The same runs in another order, given by their places. */
export function tableWith(table: Table, places: readonly number[]): Table {
  const ids = places.map((place) => table.ids[place] ?? "");
  const values = new Map<string, readonly Cell[]>();
  for (const [name, cells] of table.values) {
    values.set(
      name,
      places.map((place) => cells[place] ?? null),
    );
  }
  return { ids, at: new Map(ids.map((id, at) => [id, at])), values };
}

export function cellAt(table: Table, name: string, run: number): Cell {
  return table.values.get(name)?.[run] ?? null;
}

/** Whether one of the runs is still running. */
export function isRunning(table: Table): boolean {
  return table.values.get("attributes.status")?.includes("RUNNING") ?? false;
}

/** What a reader does not see yet. */
export interface News {
  readonly added: number;
  readonly gone: number;
  readonly isReordered: boolean;
}

/**
 * How the latest table differs from the one that is shown; undefined if it has the same runs in the same order.
 * If more runs follow (`isCut`), one that is missing may only have moved behind the last.
 */
export function news(shown: Table, latest: Table, isCut: boolean): News | undefined {
  if (isSameOrder(shown.ids, latest.ids)) return undefined;
  const stayed = latest.ids.filter((id) => shown.at.has(id));
  const before = shown.ids.filter((id) => latest.at.has(id));
  const added = latest.ids.length - stayed.length;
  const gone = isCut ? 0 : shown.ids.length - before.length;
  const isReordered = !isSameOrder(stayed, before);
  return added || gone || isReordered ? { added, gone, isReordered } : undefined;
}

/** News as a sentence: `3 new runs, 1 gone`. */
export function newsText({ added, gone, isReordered }: News): string {
  const parts = [
    ...(added ? [`${added} new ${added === 1 ? "run" : "runs"}`] : []),
    ...(gone ? [`${gone} gone`] : []),
    ...(isReordered ? ["another order"] : []),
  ];
  return parts.join(", ");
}

function isSameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((id, at) => id === other[at]));
}
