// What a group shows of a metric.

import type { Cell } from "../../api/columns";

export interface Summary {
  /** Of the values that are numbers; NaN is none. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The summary of some runs' values; undefined if none is a number. */
export function summary(values: readonly Cell[], runs: readonly number[]): Summary | undefined {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    const value = values[run];
    if (typeof value !== "number" || Number.isNaN(value)) continue;
    count += 1;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return count ? { mean: sum / count, min, max, count } : undefined;
}

/** The value that all runs share; undefined if they differ, or if there is none. */
export function shared(values: readonly Cell[], runs: readonly number[]): Cell | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const value = values[first] ?? null;
  return runs.every((run) => (values[run] ?? null) === value) ? value : undefined;
}
