// A field as an axis: numbers on a scale, or names side by side.

import { type Scale, scaleOf, suitsLog } from "../../charts/scales";
import { number } from "../../ui/format";
import { type Field, isNumeric, numberOf, shares } from "./fields";

// More names than that cannot be read; the rest shares a place at the end.
const MOST_NAMES = 20;
const OTHERS = "others";
const NONE = "none";

export interface Axis {
  readonly field: Field;
  readonly isLog: boolean;
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
  /** Where each run lies, from 0 to 1; NaN for one that the axis cannot show. */
  readonly places: readonly number[];
  readonly scale: Scale | undefined;
}

/** `isLog` undefined: as the values suggest. */
export function axisOf(field: Field, isLog?: boolean): Axis {
  return isNumeric(field) ? numeric(field, isLog) : named(field);
}

function numeric(field: Field, wanted?: boolean): Axis {
  const values = field.values.map(numberOf);
  const isLog = wanted ?? suitsLog(values);
  const scale = scaleOf(values, isLog);
  const places = values
    .map((value) => scale.place(value))
    .map((place) => (Number.isFinite(place) ? place : Number.NaN));
  const ticks = scale.ticks.map((value) => ({ place: scale.place(value), text: number(value) }));
  return { field, isLog, ticks, places, scale };
}

function named(field: Field): Axis {
  const all = shares(field).map(({ value }) => (value === null ? NONE : String(value)));
  const shown = all.length > MOST_NAMES ? [...all.slice(0, MOST_NAMES - 1), OTHERS] : all;
  const ticks = shown.map((text, at) => ({ place: shown.length > 1 ? at / (shown.length - 1) : 0.5, text }));
  const placeOf = new Map(ticks.map(({ place, text }) => [text, place]));
  const last = ticks.at(-1)?.place ?? 0.5;
  const places = field.values.map((value) => placeOf.get(value === null ? NONE : String(value)) ?? last);
  return { field, isLog: false, ticks, places, scale: undefined };
}

export type Range = readonly [number, number];

/** The runs that lie in the chosen range of each axis that has one. */
export function chosen(axes: readonly Axis[], ranges: ReadonlyMap<string, Range>, runs: number): boolean[] {
  const asked = axes.filter((axis) => ranges.has(axis.field.column));
  return Array.from({ length: runs }, (_, run) =>
    asked.every((axis) => {
      const [low, high] = ranges.get(axis.field.column) ?? [0, 1];
      const place = axis.places[run] ?? Number.NaN;
      return place >= low && place <= high;
    }),
  );
}
