// A value over two others, as a grid between the runs: each cell the mean of the runs, near ones counting more.

export interface Point {
  /** From 0 to 1. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface Surface {
  readonly size: number;
  /** Row by row from the bottom, `size` × `size`. */
  readonly values: readonly number[];
  readonly low: number;
  readonly high: number;
}

// Inverse distance weighting (D. Shepard, 1968): weights fall with the square of the distance.
const NEAR = 1e-9;

export function surfaceOf(points: readonly Point[], size: number): Surface | undefined {
  const known = points.filter(({ x, y, value }) => [x, y, value].every(Number.isFinite));
  if (known.length < 3) return undefined;
  const values = Array.from({ length: size * size }, (_, at) =>
    weighted(known, ((at % size) + 0.5) / size, (Math.floor(at / size) + 0.5) / size),
  );
  return { size, values, low: Math.min(...values), high: Math.max(...values) };
}

function weighted(points: readonly Point[], x: number, y: number): number {
  let sum = 0;
  let weights = 0;
  for (const point of points) {
    const weight = 1 / ((point.x - x) ** 2 + (point.y - y) ** 2 + NEAR);
    sum += weight * point.value;
    weights += weight;
  }
  return sum / weights;
}
