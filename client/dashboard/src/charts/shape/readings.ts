// What the lines of a chart say at the cursor.

import { type Line, nearest, type Range } from "./view";

export interface Reading {
  readonly id: string;
  readonly label: string;
  readonly colour: number;
  /** Where the value stands. */
  readonly place: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Whether it is a bucket of several values. */
  readonly isBucket: boolean;
}

export interface Readings {
  readonly shown: readonly Reading[];
  /** How many more lines have a value there. */
  readonly more: number;
  /** The line that is nearest to the cursor. */
  readonly closest: string | undefined;
}

/** The values of all lines at a place, the ones nearest to the cursor's value, the highest first. */
export function readingsAt(lines: readonly Line[], place: number, value: number, range: Range, most: number): Readings {
  const found = lines.flatMap((line): Reading[] => {
    const at = nearest(line, place, range);
    if (at === undefined) return [];
    const { curve, values, id, label, colour } = line;
    const entry = (column: Float64Array) => column[at] ?? Number.NaN;
    const [start, end] = [entry(curve.start), entry(curve.end)];
    const reading = { value: entry(values), min: entry(curve.min), max: entry(curve.max) };
    return [{ id, label, colour, place: end, ...reading, isBucket: start !== end }];
  });
  const near = found.toSorted((one, other) => distance(one, value) - distance(other, value)).slice(0, most);
  const shown = near.toSorted((one, other) => rank(other.value) - rank(one.value));
  return { shown, more: found.length - near.length, closest: near[0]?.id };
}

function distance(reading: Reading, value: number): number {
  const far = Math.abs(reading.value - value);
  return Number.isNaN(far) ? Number.MAX_VALUE : far;
}

function rank(value: number): number {
  return Number.isNaN(value) ? -Number.MAX_VALUE : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
}
