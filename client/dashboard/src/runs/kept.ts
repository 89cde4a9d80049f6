// The runs of the experiments that were looked at last, so that coming back asks only what has changed.

import { columnNames, readChanges, readColumns } from "../api/columns";
import { Runs } from "./store";

const MOST_KEPT = 3;
const experiments = new Map<string, Runs>();

/** The runs of an experiment, those from before if it is among the last that were looked at. */
export function runsOf(experimentId: string): Runs {
  const runs =
    experiments.get(experimentId) ??
    new Runs(experimentId, { names: columnNames, whole: readColumns, changes: readChanges });
  experiments.delete(experimentId);
  experiments.set(experimentId, runs);
  const [oldest] = experiments.keys();
  if (experiments.size > MOST_KEPT && oldest !== undefined) experiments.delete(oldest);
  return runs;
}
