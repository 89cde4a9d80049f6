// Asking for curves.

import { type CurvesReply, readCurves, type SeriesQuestion } from "./curves";
import { bytes, written } from "./transport";

const PATH = "/api/2.0/cumulog/metrics/series";

export async function askSeries(question: SeriesQuestion, abort?: AbortSignal): Promise<CurvesReply> {
  const options = written(question, abort);
  const headers = { ...options.headers, Accept: "application/vnd.cumulog.columns" };
  return readCurves(await bytes(PATH, { ...options, headers }));
}
