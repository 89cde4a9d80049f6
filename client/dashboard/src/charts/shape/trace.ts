// Lines and bands as paths, for a canvas or for SVG.

import type { Line, Range } from "./view";
import { within } from "./view";

/** What both a canvas's Path2D and our path of SVG take. */
export interface Sink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

export interface Frame {
  readonly range: Range;
  readonly toX: (place: number) => number;
  /** NaN for what has no place, as a value below zero on a logarithmic axis. */
  readonly toY: (value: number) => number;
}

// Half the width of a value that stands alone, in pixels.
const DOT = 1.5;

/** The line through values; what is no number leaves a gap, and a value between gaps becomes a dot. */
export function traceLine(sink: Sink, { curve }: Line, values: Float64Array, frame: Frame): void {
  const [first, past] = within(curve, frame.range);
  let [count, lastX, lastY] = [0, 0, 0];
  const finish = () => {
    if (count === 1) {
      sink.moveTo(lastX - DOT, lastY);
      sink.lineTo(lastX + DOT, lastY);
    }
    count = 0;
  };
  for (let at = first; at < past; at++) {
    const y = frame.toY(values[at] ?? Number.NaN);
    const x = frame.toX(curve.end[at] ?? Number.NaN);
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      finish();
      continue;
    }
    if (count === 0) sink.moveTo(x, y);
    else sink.lineTo(x, y);
    [count, lastX, lastY] = [count + 1, x, y];
  }
  finish();
}

/**
 * The band between the lowest and highest values, a bar for each bucket. Bars on whole pixels are filled several times
 * faster than an outline, of which a noisy curve has many corners.
 */
export function traceBars(
  { curve }: Line,
  frame: Frame,
  put: (x: number, y: number, width: number, height: number) => void,
): void {
  const { start, end, min, max } = curve;
  const [first, past] = within(curve, frame.range);
  for (let at = first; at < past; at++) {
    const [top, bottom] = [frame.toY(max[at] ?? Number.NaN), frame.toY(min[at] ?? Number.NaN)];
    const left = Math.round(frame.toX(start[at] ?? Number.NaN));
    if (!Number.isFinite(top - bottom) || Number.isNaN(left)) continue;
    // A bucket reaches to the next one, unless they overlap.
    const next = Math.max(end[at] ?? 0, at + 1 < past ? (start[at + 1] ?? 0) : 0);
    const width = Math.max(Math.round(frame.toX(next)) - left, 1);
    put(left, Math.round(top), width, Math.max(Math.round(bottom) - Math.round(top), 1));
  }
}

/** Where a place of a range lies between two pixels. */
export function scale({ from, to }: Range, low: number, high: number, isLog: boolean): (value: number) => number {
  if (isLog) {
    const [first, last] = [Math.log(from), Math.log(to)];
    return (value) => (value > 0 ? low + ((Math.log(value) - first) / (last - first)) * (high - low) : Number.NaN);
  }
  const factor = (high - low) / (to - from);
  return (value) => low + (value - from) * factor;
}
