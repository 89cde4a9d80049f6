// How values are written for people.

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 5, useGrouping: false });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const BYTES = ["B", "kB", "MB", "GB", "TB"];
const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

/** A number in five digits; very large and very small ones by their exponent. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toString().replace("-", "−");
  const isPlain = size >= 1e-3 && size < 1e6;
  return (isPlain ? NUMBER.format(value) : exponential(value)).replaceAll("-", "−");
}

function exponential(value: number): string {
  return value.toExponential(3).replace(/\.?0*e\+?/, "e");
}

/** A length of time in ms: `4.2 s`, `3 min 5 s`, `2 h 7 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(ms, 0) / 1000;
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  for (const [at, [unit, length]] of UNITS.entries()) {
    if (whole < length) continue;
    const [below, shorter] = UNITS[at + 1] ?? ["s", 1];
    const rest = Math.floor((whole % length) / shorter);
    return `${Math.floor(whole / length)} ${unit}${rest ? ` ${rest} ${below}` : ""}`;
  }
  return `${whole} s`;
}

/** How long ago something was: `now`, `5 min ago`. */
export function ago(then: number, now: number): string {
  const ms = now - then;
  if (ms < 10_000) return "now";
  const seconds = Math.round(ms / 1000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit} ago`;
  }
  return `${seconds} s ago`;
}

/** A moment, in the reader's time zone. */
export function moment(ms: number): string {
  return ms ? DATE.format(ms) : "";
}

export function size(bytes: number): string {
  let value = bytes;
  let at = 0;
  while (value >= 1000 && at < BYTES.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${BYTES[at]}`;
}
