// Orders that the server has none of: the page puts the runs that it has in order.

import type { Cell } from "../../api/columns";
import { type Column, columnOf, orderOf } from "../columns/column";
import type { Order } from "../view";
import { cellAt, type Table, tableWith } from "./table";

export interface Sort extends Order {
  readonly column: Column;
}

/** How the page orders; undefined where the server does. */
export function sortOf(order: Order | undefined): Sort | undefined {
  const column = order && columnOf(order.id);
  return column && !orderOf(column) ? { ...order, column } : undefined;
}

/** The table in this order. Runs without the value, and those where it is no number, come last either way. */
export function sorted(table: Table, { column, isDescending }: Sort): Table {
  const turn = isDescending ? -1 : 1;
  const values = table.ids.map((_, run) => keyOf(table, column, run));
  const compare = (one: number, other: number): number => {
    const [mine, theirs] = [values[one] ?? null, values[other] ?? null];
    if (mine === null || theirs === null) return Number(mine === null) - Number(theirs === null);
    return turn * (mine < theirs ? -1 : Number(mine > theirs));
  };
  return tableWith(
    table,
    [...table.ids.keys()].sort((one, other) => compare(one, other) || one - other),
  );
}

function keyOf(table: Table, column: Column, run: number): Cell {
  const [first, second] = column.needs.map((name) => cellAt(table, name, run));
  const value = column.id === "duration" ? lengthOf(first ?? null, second ?? null) : (first ?? null);
  return Number.isNaN(value) ? null : value;
}

function lengthOf(start: Cell, end: Cell): number | null {
  return start && end ? Number(end) - Number(start) : null;
}
