// The columns that a reader sees: what each is, how wide, and changes of them.

import type { Shown } from "../view";
import { type Column, columnOf } from "./column";

export interface Placed extends Shown {
  readonly column: Column;
  readonly width: number;
}

const WIDTHS: Readonly<Record<string, number>> = { name: 220, status: 100, start: 104, duration: 104, id: 120 };
const NARROW_NAME = 128;
const LETTER = 7.5;
const AROUND = 34;
// Five digits behind the zeros of a small number fit in.
const NARROWEST_USUAL = 98;

export function pinnedFirst(shown: readonly Shown[]): readonly Shown[] {
  return [...shown.filter((each) => each.isPinned), ...shown.filter((each) => !each.isPinned)];
}

/** The columns that the ids name, and how wide they are. */
export function placed(shown: readonly Shown[], isNarrow: boolean): readonly Placed[] {
  return shown.flatMap((each) => {
    const column = columnOf(each.id);
    return column ? [{ ...each, column, width: each.width ?? usualWidth(column, isNarrow) }] : [];
  });
}

function usualWidth({ id, title }: Column, isNarrow: boolean): number {
  if (id === "name" && isNarrow) return NARROW_NAME;
  return WIDTHS[id] ?? Math.min(Math.max(Math.round(title.length * LETTER + AROUND), NARROWEST_USUAL), 180);
}

/** Put a column before another one, or behind all; it is pinned if the one there is. */
export function put(shown: readonly Shown[], id: string, before: string | undefined): readonly Shown[] {
  const moving = shown.find((each) => each.id === id);
  if (!moving || id === before) return shown;
  const rest = shown.filter((each) => each.id !== id);
  const at = rest.findIndex((each) => each.id === before);
  const place = at < 0 ? rest.length : at;
  const isPinned = rest[place]?.isPinned ?? false;
  return [...rest.slice(0, place), changed(moving, { isPinned }), ...rest.slice(place)];
}

/** Move a column by one place. */
export function nudged(shown: readonly Shown[], id: string, by: 1 | -1): readonly Shown[] {
  const from = shown.findIndex((each) => each.id === id);
  const to = from + by;
  const [one, other] = [shown[from], shown[to]];
  if (!one || !other) return shown;
  const after = [...shown];
  after[from] = other;
  after[to] = changed(one, { isPinned: other.isPinned ?? false });
  return after;
}

export function hidden(shown: readonly Shown[], id: string): readonly Shown[] {
  return shown.filter((each) => each.id !== id);
}

export function added(shown: readonly Shown[], id: string): readonly Shown[] {
  return shown.some((each) => each.id === id) ? shown : [...shown, { id }];
}

/** A column as wide as its title wants. */
export function usual(shown: readonly Shown[], id: string): readonly Shown[] {
  return shown.map((each) => (each.id === id ? { id, ...(each.isPinned ? { isPinned: true } : {}) } : each));
}

/** Another width, pinned or not, or another part of the same metric. */
export function adjusted(
  shown: readonly Shown[],
  id: string,
  change: { width?: number; isPinned?: boolean; id?: string },
): readonly Shown[] {
  if (change.id !== undefined && change.id !== id && shown.some((each) => each.id === change.id)) return shown;
  return shown.map((each) => (each.id === id ? changed(each, change) : each));
}

function changed(shown: Shown, change: { width?: number; isPinned?: boolean; id?: string }): Shown {
  const { id, width, isPinned } = { ...shown, ...change };
  return { id, ...(width ? { width } : {}), ...(isPinned ? { isPinned } : {}) };
}
