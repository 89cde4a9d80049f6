import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { scale, traceBars, traceLine } from "./trace";
import { type Line, prepared } from "./view";

class Path {
  readonly text: string[] = [];
  moveTo(x: number, y: number) {
    this.text.push(`M${x} ${y}`);
  }
  lineTo(x: number, y: number) {
    this.text.push(`L${x} ${y}`);
  }
}

const FRAME = { range: { from: 0, to: 100 }, toX: (x: number) => x, toY: (y: number) => y };

function line(curve: Partial<Curve> & Pick<Curve, "last">): Line {
  const { last } = curve;
  const x = Float64Array.from(last, (_, at) => at);
  const whole = { run: "r", key: "k", exact: true, start: x, end: x, min: last, max: last, ...curve };
  const [made] = prepared([{ id: "a", label: "", colour: 0, curve: whole }], 0);
  if (!made) throw new Error("no line");
  return made;
}

function lineText(...values: number[]): string {
  const path = new Path();
  const made = line({ last: Float64Array.from(values) });
  traceLine(path, made, made.values, FRAME);
  return path.text.join(" ");
}

test("a line goes through its values", () => {
  expect(lineText(5, 6, 7)).toBe("M0 5 L1 6 L2 7");
});

test("what is no number leaves a gap, and a value alone is a dot", () => {
  expect(lineText(5, Number.NaN, 7, Number.POSITIVE_INFINITY, 1, 2)).toBe(
    "M0 5 M-1.5 5 L1.5 5 M2 7 M0.5 7 L3.5 7 M4 1 L5 2",
  );
  expect(lineText(Number.NaN)).toBe("");
});

test("a band has a bar for each bucket, which reaches to the next", () => {
  const bars: number[][] = [];
  const of = (...values: number[]) => Float64Array.from(values);
  const made = line({
    start: of(0, 10, 30),
    end: of(9, 19, 30),
    last: of(1, 2, 3),
    min: of(0, 1, 3),
    max: of(5, 6, 3),
  });

  traceBars(made, { ...FRAME, toY: (value) => 100 - value }, (...bar) => bars.push(bar));

  expect(bars).toEqual([
    [0, 95, 10, 5],
    [10, 94, 20, 5],
    [30, 97, 1, 1],
  ]);
});

test("a bucket without a number has no bar", () => {
  const bars: number[][] = [];
  const none = Float64Array.of(Number.NaN);

  traceBars(line({ start: Float64Array.of(0), end: Float64Array.of(9), last: none }), FRAME, (...bar) =>
    bars.push(bar),
  );

  expect(bars).toEqual([]);
});

test("a scale is linear or logarithmic, and upside down on a screen", () => {
  expect([0, 5, 10].map(scale({ from: 0, to: 10 }, 100, 0, false))).toEqual([100, 50, 0]);
  expect([1, 10, 100, 0].map(scale({ from: 1, to: 100 }, 0, 100, true))).toEqual([0, 50, 100, Number.NaN]);
});
