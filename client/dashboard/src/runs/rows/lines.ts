// The lines of the table: runs as they are, nested under their parents, or in groups by a value.

import type { Cell } from "../../api/columns";
import { PARENT } from "../columns/column";
import type { Table } from "./table";

export interface RunLine {
  readonly kind: "run";
  /** Where the run is in the table. */
  readonly run: number;
  readonly depth: number;
  /** The runs below it; empty if it has none. */
  readonly members: readonly number[];
  readonly isOpen: boolean;
  readonly key: string;
}

export interface GroupLine {
  readonly kind: "group";
  readonly value: Cell;
  readonly members: readonly number[];
  readonly isOpen: boolean;
  readonly key: string;
}

export type Line = RunLine | GroupLine;

const NONE: readonly number[] = [];

export function flat(table: Table): readonly Line[] {
  return table.ids.map((id, run) => line(id, run, 0, NONE, false));
}

/** Runs under their parents. A run whose parent is not in the table stands by itself. */
export function nested(table: Table, open: ReadonlySet<string>): readonly Line[] {
  const parents = parentsOf(table);
  const children = new Map<number, number[]>();
  for (const [run, parent] of parents.entries()) {
    if (parent < 0) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(run);
    else children.set(parent, [run]);
  }
  const lines: Line[] = [];
  // A stack rather than recursion: nothing says how deep runs are nested.
  const waiting = parents.flatMap((parent, run) => (parent < 0 ? [{ run, depth: 0 }] : [])).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { run, depth } = next;
    const id = table.ids[run] ?? "";
    const members = children.get(run) ?? NONE;
    const isOpen = members.length > 0 && open.has(id);
    lines.push(line(id, run, depth, members, isOpen));
    if (isOpen) waiting.push(...members.map((member) => ({ run: member, depth: depth + 1 })).reverse());
  }
  return lines;
}

/** Whether a run has its parent in the table. */
export function hasNested(table: Table): boolean {
  return table.values.get(PARENT)?.some((parent) => table.at.has(String(parent))) ?? false;
}

/** Runs in groups of the same value, in the order in which the values come first. */
export function grouped(table: Table, name: string, open: ReadonlySet<string>): readonly Line[] {
  const groups = new Map<Cell, number[]>();
  const values = table.values.get(name) ?? [];
  for (const run of table.ids.keys()) {
    const value = values[run] ?? null;
    const members = groups.get(value);
    if (members) members.push(run);
    else groups.set(value, [run]);
  }
  return [...groups].flatMap(([value, members]): Line[] => {
    const key = groupKey(value);
    const isOpen = open.has(key);
    const head: Line = { kind: "group", value, members, isOpen, key };
    return isOpen ? [head, ...members.map((run) => line(table.ids[run] ?? "", run, 1, NONE, false))] : [head];
  });
}

/** The lines that can be open. */
export function foldable(lines: readonly Line[]): readonly string[] {
  return lines.filter((each) => each.kind === "group" || each.members.length > 0).map(({ key }) => key);
}

export function groupKey(value: Cell): string {
  return value === null ? "group" : `group ${value}`;
}

function line(key: string, run: number, depth: number, members: readonly number[], isOpen: boolean): RunLine {
  return { kind: "run", run, depth, members, isOpen, key };
}

/** Of each run the place of its parent; -1 if it has none here. Of runs in a circle, none has one. */
function parentsOf(table: Table): readonly number[] {
  const named = table.values.get(PARENT) ?? [];
  const parents = table.ids.map((_, run) => table.at.get(String(named[run] ?? "")) ?? -1);
  const isRooted = new Int8Array(parents.length);
  for (const start of parents.keys()) {
    const path: number[] = [];
    let run = start;
    while (run >= 0 && isRooted[run] === 0) {
      isRooted[run] = 1;
      path.push(run);
      run = parents[run] ?? -1;
    }
    const isCircle = run >= 0 && isRooted[run] === 1;
    if (isCircle) parents[run] = -1;
    for (const each of path) isRooted[each] = 2;
  }
  return parents;
}
