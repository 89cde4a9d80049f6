// What keys do in the table, besides moving.

import type { Place } from "../ui/table/moves";
import { HEAD } from "../ui/table/moves";

export interface Doing {
  readonly sort: (id: string) => void;
  readonly menu: (id: string) => void;
  readonly nudge: (id: string, by: 1 | -1) => void;
  readonly widen: (id: string, by: number) => void;
  readonly select: (row: number, isRange: boolean) => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
  readonly copy: () => void;
  /** Open the run, or open and close the group. */
  readonly enter: (row: number) => void;
  readonly unfold: (row: number, isOpen: boolean) => void;
}

export type Key = Pick<KeyboardEvent, "key" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey">;

const WIDER = 16;

/** Do what a key means at a place; whether it means anything. `column` is the one there, if it can be changed. */
export function act(key: Key, place: Place, column: string | undefined, doing: Doing): boolean {
  const isControl = key.ctrlKey || key.metaKey;
  if (isControl) return controlled(key, doing);
  if (key.key === "Escape") doing.clear();
  else if (place.row === HEAD) return inHead(key, column, doing);
  else if (key.key === " ") doing.select(place.row, key.shiftKey);
  else if (key.key === "Enter") doing.enter(place.row);
  else if (key.altKey && key.key === "ArrowRight") doing.unfold(place.row, true);
  else if (key.altKey && key.key === "ArrowLeft") doing.unfold(place.row, false);
  else return false;
  return true;
}

function controlled({ key }: Key, doing: Doing): boolean {
  if (key === "a") doing.selectAll();
  else if (key === "c") doing.copy();
  else return false;
  return true;
}

function inHead({ key, altKey, shiftKey }: Key, column: string | undefined, doing: Doing): boolean {
  if (!column) {
    if (key !== " " && key !== "Enter") return false;
    doing.selectAll();
    return true;
  }
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key] as 1 | -1 | undefined;
  if (key === "ContextMenu" || (altKey && key === "ArrowDown")) doing.menu(column);
  else if (altKey && side && shiftKey) doing.widen(column, side * WIDER);
  else if (altKey && side) doing.nudge(column, side);
  else if (key === " " || key === "Enter") doing.sort(column);
  else return false;
  return true;
}
