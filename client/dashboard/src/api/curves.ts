// The question for curves, and its reply in its form as bytes (infra/docs/curves.md), viewed without copying where that is possible.

export type XAxis = "step" | "time" | "relative";

export interface SeriesQuestion {
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  readonly x: XAxis;
  readonly points: number;
  readonly from?: number;
  readonly to?: number;
  /** What an earlier reply to the same question said: only what is new is answered. */
  readonly since?: string;
}

/** Of one question. */
export const MOST_RUNS = 100;
export const MOST_KEYS = 50;

/** Points and buckets alike: of a point, start is end, and min is max. In the order of their starts. */
export interface Curve {
  readonly run: string;
  readonly key: string;
  /** Whether each entry is a point that was logged. */
  readonly exact: boolean;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The value at `end`. */
  readonly last: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export interface CurvesReply {
  readonly curves: readonly Curve[];
  readonly missingRuns: readonly string[];
  readonly missingKeys: readonly string[];
  /** Runs that there was no time for. */
  readonly left: readonly string[];
  readonly since: string;
}

interface Header {
  readonly runs: string[];
  readonly keys: string[];
  readonly missing?: { runs?: string[]; keys?: string[] };
  readonly left?: string[];
  readonly since: string;
  readonly series: { run: number; key: number; size: number; exact: boolean; columns: string[] }[];
}

const MAGIC = "CSR1";
const WHOLE = new Set(["x", "start", "end", "count"]);

/** Raises an error if the bytes are none of such a reply. */
export function readCurves(bytes: ArrayBuffer): CurvesReply {
  const text = new TextDecoder();
  if (bytes.byteLength < 8 || text.decode(new Uint8Array(bytes, 0, 4)) !== MAGIC) {
    throw new Error("The server's reply holds no curves.");
  }
  const length = new DataView(bytes).getUint32(4, true);
  const header: Header = JSON.parse(text.decode(new Uint8Array(bytes, 8, length)));
  let at = 8 + length;
  const curves = header.series.map((series) => {
    const columns = new Map<string, Float64Array>();
    for (const name of series.columns) {
      const column = WHOLE.has(name) ? wholeNumbers(bytes, at, series.size) : new Float64Array(bytes, at, series.size);
      columns.set(name, column);
      at += 8 * series.size;
    }
    return curve(header.runs[series.run] ?? "", header.keys[series.key] ?? "", series.exact, columns);
  });
  const { missing, left = [], since } = header;
  return { curves, missingRuns: missing?.runs ?? [], missingKeys: missing?.keys ?? [], left, since };
}

function curve(run: string, key: string, exact: boolean, columns: ReadonlyMap<string, Float64Array>): Curve {
  const column = (name: string) => columns.get(name) ?? new Float64Array(0);
  if (exact) {
    const [x, value] = [column("x"), column("value")];
    return { run, key, exact, start: x, end: x, last: value, min: value, max: value };
  }
  const [start, end, last] = [column("start"), column("end"), column("last")];
  return { run, key, exact, start, end, last, min: column("min"), max: column("max") };
}

/** Signed integers of 64 bits as floats: two halves are far faster than big integers. */
function wholeNumbers(bytes: ArrayBuffer, at: number, size: number): Float64Array {
  const halves = new Int32Array(bytes, at, 2 * size);
  const numbers = new Float64Array(size);
  for (let place = 0; place < size; place++) {
    numbers[place] = (halves[2 * place + 1] ?? 0) * 4_294_967_296 + ((halves[2 * place] ?? 0) >>> 0);
  }
  return numbers;
}
