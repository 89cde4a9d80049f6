// Columns come into the rows a share at a time: no frame draws a column of all rows.

import type { Span } from "./window";

/** How many shares there are; a row belongs to that of its number. */
export const SHARES = 4;

/**
 * The columns that each share shows next, if those in sight, and some to spare, are `wanted`. One share gets them, and each
 * that lacks one of the columns that are `needed`, because they are in sight already.
 */
export function nextShares<S extends Span>(shown: readonly S[], wanted: S, needed: Span): readonly S[] {
  const late = shown.findIndex((each) => !isSame(each, wanted));
  if (late < 0) return shown;
  return shown.map((each, at) => (at === late || !covers(each, needed) ? wanted : each));
}

export function areAll(shown: readonly Span[], wanted: Span): boolean {
  return shown.every((each) => isSame(each, wanted));
}

function isSame(one: Span, other: Span): boolean {
  return one.from === other.from && one.to === other.to;
}

function covers({ from, to }: Span, needed: Span): boolean {
  return from <= needed.from && to >= needed.to;
}
