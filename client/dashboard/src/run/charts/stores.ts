// The curves of the runs that were looked at last. Who comes back to one finds them as they were.

import type { XAxis } from "../../api/curves";
import { askSeries } from "../../api/series";
import { SeriesStore } from "../../charts/data/store";

const POINTS = 512;
const MOST = 6;
const stores = new Map<string, SeriesStore>();

export function storeOf(runId: string, axis: XAxis): SeriesStore {
  const name = `${runId} ${axis}`;
  const store = stores.get(name) ?? new SeriesStore(askSeries, [runId], axis, POINTS);
  // The one that was asked for last is the last.
  stores.delete(name);
  stores.set(name, store);
  const [oldest] = stores.keys();
  if (stores.size > MOST && oldest !== undefined) stores.delete(oldest);
  return store;
}
