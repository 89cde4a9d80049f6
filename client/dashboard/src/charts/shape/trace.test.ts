import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { scale, traceBand, traceLine } from "./trace";
import { type Line, prepared } from "./view";

class Path {
  readonly text: string[] = [];
  moveTo(x: number, y: number) {
    this.text.push(`M${x} ${y}`);
  }
  lineTo(x: number, y: number) {
    this.text.push(`L${x} ${y}`);
  }
  closePath() {
    this.text.push("Z");
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
  expect(lineText(5, Number.NaN, 7, Number.POSITIVE_INFINITY, 1, 2)).toBe("M0 5 L0 5 M2 7 L2 7 M4 1 L5 2");
  expect(lineText(Number.NaN)).toBe("");
});

test("a band goes along the highest values and back along the lowest", () => {
  const path = new Path();
  const of = (...values: number[]) => Float64Array.from(values);

  traceBand(path, line({ start: of(0, 10), end: of(9, 19), last: of(1, 2), min: of(0, 1), max: of(5, 6) }), FRAME);

  expect(path.text.join(" ")).toBe("M0 5 L9 5 L10 6 L19 6 L19 1 L10 1 L9 0 L0 0 Z");
});

test("a scale is linear or logarithmic, and upside down on a screen", () => {
  expect([0, 5, 10].map(scale({ from: 0, to: 10 }, 100, 0, false))).toEqual([100, 50, 0]);
  expect([1, 10, 100, 0].map(scale({ from: 1, to: 100 }, 0, 100, true))).toEqual([0, 50, 100, Number.NaN]);
});
