// Where a value lies between the two ends of an axis, and the values to name on it.

export interface Scale {
  readonly isLog: boolean;
  readonly ticks: readonly number[];
  /** From 0 at the low end to 1 at the high one; NaN for what the axis cannot show. */
  place(value: number): number;
  /** The value at a place: the reverse. */
  value(place: number): number;
}

const TICKS = 5;
// From here on orders of magnitude say more than differences.
const WIDE = 100;

/** A scale that holds all finite values. */
export function scaleOf(values: Iterable<number>, isLog = false): Scale {
  const finite = [...values].filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return isLog ? logarithmic(1, 10) : linear(0, 1);
  return isLog ? logarithmic(low, high) : linear(low, high);
}

/** Whether values are better seen on a logarithmic axis. */
export function suitsLog(values: Iterable<number>): boolean {
  const finite = [...values].filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return finite.length > 1 && low > 0 && high / low >= WIDE;
}

function linear(low: number, high: number): Scale {
  const [from, to] = low < high ? [low, high] : [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2];
  return {
    isLog: false,
    ticks: niceTicks(from, to),
    place: (value) => (value - from) / (to - from),
    value: (place) => from + place * (to - from),
  };
}

function logarithmic(low: number, high: number): Scale {
  const [from, to] = low < high ? [Math.log10(low), Math.log10(high)] : [Math.log10(low) - 0.5, Math.log10(high) + 0.5];
  const whole = niceTicks(from, to).filter(Number.isInteger);
  return {
    isLog: true,
    ticks: whole.length > 1 ? whole.map((power) => 10 ** power) : [10 ** from, 10 ** to],
    place: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : Number.NaN),
    value: (place) => 10 ** (from + place * (to - from)),
  };
}

/** Round numbers between two, some five of them. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Counted, not added up, so that 0.3 is no 0.30000000000000004.
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}
