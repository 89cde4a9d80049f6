import { expect, test } from "vitest";
import { readCurves } from "./curves";

function reply(header: object, numbers: readonly (readonly [kind: "whole" | "float", values: readonly number[]])[]) {
  let text = JSON.stringify(header);
  while (new TextEncoder().encode(text).length % 8) text += " ";
  const head = new TextEncoder().encode(text);
  const count = numbers.reduce((sum, [, values]) => sum + values.length, 0);
  const bytes = new ArrayBuffer(8 + head.length + 8 * count);
  new Uint8Array(bytes).set(new TextEncoder().encode("CSR1"));
  const view = new DataView(bytes);
  view.setUint32(4, head.length, true);
  new Uint8Array(bytes, 8).set(head);
  let at = 8 + head.length;
  for (const [kind, values] of numbers) {
    for (const value of values) {
      if (kind === "whole") view.setBigInt64(at, BigInt(value), true);
      else view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return bytes;
}

const HEADER = {
  runs: ["r1", "r2"],
  keys: ["loss é"],
  missing: { runs: ["gone"], keys: [] },
  left: ["r2"],
  since: "s",
};

test("points and buckets are read as they were sent", () => {
  const series = [
    { run: 0, key: 0, size: 3, exact: true, columns: ["x", "value"] },
    { run: 1, key: 0, size: 1, exact: false, columns: ["start", "end", "count", "first", "last", "min", "max"] },
  ];

  const read = readCurves(
    reply({ ...HEADER, series }, [
      ["whole", [-1, 0, 1_795_950_223_705]],
      ["float", [0.1, Number.NaN, Number.NEGATIVE_INFINITY]],
      ["whole", [0, 511, 512]],
      ["float", [2, 0.5, 0.4, 9]],
    ]),
  );

  const [points, buckets] = read.curves;
  expect([points?.run, points?.key, points?.exact]).toEqual(["r1", "loss é", true]);
  expect([...(points?.start ?? [])]).toEqual([-1, 0, 1_795_950_223_705]);
  expect([...(points?.last ?? [])]).toEqual([0.1, Number.NaN, Number.NEGATIVE_INFINITY]);
  expect([buckets?.start[0], buckets?.end[0], buckets?.last[0], buckets?.min[0], buckets?.max[0]]).toEqual([
    0, 511, 0.5, 0.4, 9,
  ]);
  expect([read.missingRuns, read.left, read.since]).toEqual([["gone"], ["r2"], "s"]);
});

test("bytes that hold no curves are refused", () => {
  expect(() => readCurves(new ArrayBuffer(4))).toThrow("no curves");
  expect(() => readCurves(new TextEncoder().encode("<html>....").buffer)).toThrow("no curves");
});
