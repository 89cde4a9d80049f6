// Which lines a chart of many runs has: one for each run, or one for each group of them. A run, or a group, has its
// colour by its place in the list, so it is the same in all charts of a page.

import type { Curve } from "../api/curves";
import { groupOf } from "./data/groups";
import type { Labelled } from "./shape/view";

export type Labelling = (curves: ReadonlyMap<string, Curve>) => readonly Labelled[];

export interface Named {
  readonly run: string;
  readonly label: string;
}

/** A line for each run, in the order of `runs`. */
export function byRun(runs: readonly Named[]): Labelling {
  return (curves) =>
    runs.flatMap(({ run, label }, colour) => {
      const curve = curves.get(run);
      return curve ? [{ id: run, label, colour, curve }] : [];
    });
}

/** A line for each group: the mean of its runs, with their extremes as its band. */
export function byGroup(groups: ReadonlyMap<string, readonly string[]>, points: number): Labelling {
  return (curves) =>
    [...groups].flatMap(([name, runs], colour) => {
      const members = runs.flatMap((run) => curves.get(run) ?? []);
      const curve = groupOf(members, points);
      return curve ? [{ id: name, label: `${name} (${members.length})`, colour, curve }] : [];
    });
}
