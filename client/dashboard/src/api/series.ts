// Asking for curves.

import { type CurvesReply, readCurves } from "./curves";
import { bytes, written } from "./transport";

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

const PATH = "/api/2.0/cumulog/metrics/series";
export const MOST_RUNS = 100;
export const MOST_KEYS = 50;

export async function askSeries(question: SeriesQuestion, abort?: AbortSignal): Promise<CurvesReply> {
  const options = written(question, abort);
  const headers = { ...options.headers, Accept: "application/vnd.cumulog.columns" };
  return readCurves(await bytes(PATH, { ...options, headers }));
}
