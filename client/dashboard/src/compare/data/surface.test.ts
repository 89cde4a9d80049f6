import { expect, test } from "vitest";
import { surfaceOf } from "./surface";

test("a surface goes through its points and stays between them", () => {
  const points = [
    { x: 0.05, y: 0.05, value: 1 },
    { x: 0.95, y: 0.05, value: 2 },
    { x: 0.95, y: 0.95, value: 3 },
  ];

  const surface = surfaceOf(points, 10);

  expect(surface?.values[0]).toBeCloseTo(1);
  expect(surface?.values[9]).toBeCloseTo(2);
  expect(surface?.values[99]).toBeCloseTo(3);
  expect(surface?.low).toBeGreaterThanOrEqual(1);
  expect(surface?.high).toBeLessThanOrEqual(3);
});

test("fewer than three runs that have all three values make no surface", () => {
  const point = { x: 0, y: 0, value: 1 };

  expect(surfaceOf([point, point, { x: 0, y: Number.NaN, value: 1 }], 10)).toBeUndefined();
});
