// What to ask for, and when: what is there already is not asked for again.

import type { Page } from "./table";

// How many one call may name.
const MOST_COLUMNS = 60;
const RUNNING_MS = 3_000;
const QUIET_MS = 15_000;
const LONGEST_MS = 60_000;

/** The names that no sheet of the page has, in portions that one call may name. */
export function missing(page: Page, names: readonly string[]): readonly (readonly string[])[] {
  const known = new Set(page.flatMap((sheet) => Object.keys(sheet.columns)));
  const wanted = [...new Set(names)].filter((name) => !known.has(name));
  const portions: string[][] = [];
  for (let at = 0; at < wanted.length; at += MOST_COLUMNS) portions.push(wanted.slice(at, at + MOST_COLUMNS));
  return portions;
}

/** The pages that still follow on each other: where one ends, the next begins. */
export function chained(tokens: readonly string[], pages: readonly Page[]): number {
  let count = Math.min(pages.length, 1);
  while (count < pages.length && pages[count - 1]?.[0]?.next === tokens[count]) count += 1;
  return count;
}

/** How long to wait until the runs are asked for again. */
export function pause(isRunning: boolean, failures: number): number {
  return Math.min((isRunning ? RUNNING_MS : QUIET_MS) * 2 ** failures, LONGEST_MS);
}
