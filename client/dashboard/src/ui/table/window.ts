// Which rows and columns of a large table are in sight, from its scroll position alone.

/** From the first (included) to the last (excluded). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Sized {
  readonly width: number;
}

// Letters that are no wider than the usual ones.
const PLAIN = /^[ -~−∞]*$/;
const NONE: Span = { from: 0, to: 0 };

/**
 * The rows in sight, all of one height, and `spare` more on each side. There are always as many, if there are enough, so
 * that a row that comes in can take the elements of one that leaves.
 */
export function rowsInSight(top: number, height: number, rowHeight: number, count: number, spare: number): Span {
  if (count <= 0 || height <= 0) return NONE;
  const many = Math.min(Math.ceil(height / rowHeight) + 1 + 2 * spare, count);
  const from = Math.min(Math.max(Math.floor(top / rowHeight) - spare, 0), count - many);
  return { from, to: from + many };
}

/** Where each column begins, and behind them where the last one ends. */
export function offsets(columns: readonly Sized[]): readonly number[] {
  const found = [0];
  for (const { width } of columns) found.push((found.at(-1) ?? 0) + width);
  return found;
}

/** The columns in sight, given where each begins (`offsets`), and `spare` more on each side. */
export function columnsInSight(left: number, width: number, begins: readonly number[], spare: number): Span {
  const count = begins.length - 1;
  if (count <= 0 || width <= 0) return NONE;
  const from = lastAtMost(begins, left) - spare;
  const to = lastAtMost(begins, left + width) + 1 + spare;
  return { from: Math.min(Math.max(from, 0), count), to: Math.max(Math.min(to, count), 0) };
}

/** How many of the pinned columns may stay in sight, so that they leave half of the width to the others. */
export function pinsThatFit(pinned: readonly Sized[], width: number): number {
  const begins = offsets(pinned);
  let fit = 0;
  while (fit < pinned.length && (begins[fit + 1] ?? 0) <= width / 2) fit += 1;
  return fit;
}

/** The scroll position at which what begins and ends there is in sight, as near to the present one as can be. */
export function scrolledTo(begin: number, end: number, position: number, size: number): number {
  if (begin < position || end - begin > size) return begin;
  return end > position + size ? end - size : position;
}

// Of a cell's font, and what is free at both sides of a cell.
const LETTER = 8;
const PADDING = 16;

/** Whether a text surely fits into a cell. Cells that cut nothing off are painted in half the time. */
export function fits(text: string, width: number): boolean {
  return text.length * LETTER <= width - PADDING && PLAIN.test(text);
}

/** A length as a style has it. */
export function px(length: number): string {
  return `${length}px`;
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
