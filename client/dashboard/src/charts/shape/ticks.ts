// Where an axis has its marks, and what stands at them.

import type { XAxis } from "../../api/curves";
import { duration, number } from "../../ui/format";

export type Axis = XAxis | "value";

const NICE = [1, 2, 5, 10];
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * SECOND,
);
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECONDS = new Intl.DateTimeFormat(undefined, {
  ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
});
const DATE = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/** At most some `count` places in a range, in its order. */
export function ticks(axis: Axis, from: number, to: number, count: number, isLog = false): number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [from];
  const powers = isLog && from > 0 ? powersOfTen(from, to, count) : [];
  if (powers.length > 1) return powers;
  const step = stepOf(axis, (to - from) / Math.max(count, 1));
  // Days begin at midnight where the reader is.
  const shift = axis === "time" ? new Date(from).getTimezoneOffset() * 60 * SECOND : 0;
  // The room for errors keeps a mark that is an end of the range.
  const first = Math.ceil((from - shift) / step - 1e-9);
  const last = Math.floor((to - shift) / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => tidy((first + at) * step + shift));
}

function stepOf(axis: Axis, least: number): number {
  if (axis === "time" || axis === "relative") {
    const found = TIMES.find((time) => time >= least);
    if (found && least >= SECOND / 2) return found;
    return least < SECOND ? nice(least) : DAY * nice(least / DAY);
  }
  return axis === "step" ? Math.max(nice(least), 1) : nice(least);
}

function nice(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (NICE.find((each) => each * power >= least * (1 - 1e-9)) ?? 10);
}

/** Powers of ten, with 2 and 5 between them if there are few; every second or third if there are many. */
function powersOfTen(from: number, to: number, count: number): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const each = Math.max(1, Math.ceil((last - first) / Math.max(count, 1)));
  const parts = last - first <= count / 3 ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let power = first; power <= last; power += each) {
    for (const part of parts) found.push(tidy(part * 10 ** power));
  }
  return found.filter((value) => value >= from && value <= to);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** What stands at a mark, for marks that are `step` apart. */
export function tickText(axis: Axis, value: number, step: number): string {
  if (axis === "relative") return duration(value);
  if (axis === "value") return number(value).replace(/\.?0+e/, "e");
  if (axis === "step") return short(value);
  if (step >= DAY) return DATE.format(value);
  return (step >= 60 * SECOND ? CLOCK : SECONDS).format(value);
}

/** What is said of a place on x where the cursor is. */
export function placeText(axis: XAxis, value: number): string {
  if (axis === "relative") return duration(value);
  return axis === "time" ? `${DATE.format(value)}, ${SECONDS.format(value)}` : `step ${Math.round(value)}`;
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${number(value / 1e9)}G`;
  if (size >= 1e6) return `${number(value / 1e6)}M`;
  return size >= 1e4 ? `${number(value / 1e3)}k` : number(value);
}
