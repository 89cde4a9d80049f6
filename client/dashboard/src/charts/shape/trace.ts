// Lines and bands as paths, for a canvas or for SVG.

import type { Line, Range } from "./view";
import { within } from "./view";

/** What both a canvas's Path2D and our path of SVG take. */
export interface Sink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

export interface Frame {
  readonly range: Range;
  readonly toX: (place: number) => number;
  /** NaN for what has no place, as a value below zero on a logarithmic axis. */
  readonly toY: (value: number) => number;
}

/** The line through values; what is no number leaves a gap, and a value between gaps becomes a dot. */
export function traceLine(sink: Sink, { curve }: Line, values: Float64Array, frame: Frame): void {
  const [first, past] = within(curve, frame.range);
  let [count, lastX, lastY] = [0, 0, 0];
  const finish = () => {
    if (count === 1) sink.lineTo(lastX, lastY);
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

/** The band between the lowest and highest values of buckets. */
export function traceBand(sink: Sink, { curve }: Line, frame: Frame): void {
  const [first, past] = within(curve, frame.range);
  let begun = -1;
  for (let at = first; at <= past; at++) {
    const isPart = at < past && isShown(curve.min[at], frame) && isShown(curve.max[at], frame);
    if (isPart && begun < 0) begun = at;
    if (!isPart && begun >= 0) {
      outline(sink, { curve } as Line, begun, at, frame);
      begun = -1;
    }
  }
}

function isShown(value: number | undefined, frame: Frame): boolean {
  return Number.isFinite(frame.toY(value ?? Number.NaN));
}

function outline(sink: Sink, { curve }: Line, first: number, past: number, frame: Frame): void {
  const { start, end, min, max } = curve;
  for (let at = first; at < past; at++) {
    const y = frame.toY(max[at] ?? 0);
    if (at === first) sink.moveTo(frame.toX(start[at] ?? 0), y);
    else sink.lineTo(frame.toX(start[at] ?? 0), y);
    sink.lineTo(frame.toX(end[at] ?? 0), y);
  }
  for (let at = past - 1; at >= first; at--) {
    const y = frame.toY(min[at] ?? 0);
    sink.lineTo(frame.toX(end[at] ?? 0), y);
    sink.lineTo(frame.toX(start[at] ?? 0), y);
  }
  sink.closePath();
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
