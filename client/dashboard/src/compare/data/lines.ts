// Which lines a chart of the compared runs has: their names and colours.

import type { Curve } from "../../api/curves";
import { groupOf } from "../../charts/data/groups";
import type { Labelled } from "../../charts/shape/view";
import { type Field, shares } from "./fields";
import type { Compared } from "./table";

/** The lines for these curves, by run; the line of a group has at most so many points. */
export type Labels = (curves: ReadonlyMap<string, Curve>, points: number) => readonly Labelled[];

const NONE = "none";

export function labelsOf(compared: Compared, by: Field | undefined): Labels {
  return by ? ofGroups(compared, by) : ofRuns(compared);
}

/** A run keeps its colour whichever metrics it has. */
function ofRuns({ ids, names }: Compared): Labels {
  return (curves) =>
    ids.flatMap((id, run) => {
      const curve = curves.get(id);
      return curve ? [{ id, label: names[run] ?? id, colour: run, curve }] : [];
    });
}

/** A line for each value: the mean of the runs that have it, their extremes as a band. */
function ofGroups({ ids }: Compared, by: Field): Labels {
  const groups = shares(by).map(({ value, runs }) => ({
    members: ids.filter((_, run) => by.values[run] === value),
    label: `${value ?? NONE} (${runs})`,
  }));
  return (curves, points) =>
    groups.flatMap(({ members, label }, colour) => {
      const present = members.flatMap((id) => curves.get(id) ?? []);
      const curve = groupOf(present, points);
      return curve ? [{ id: label, label, colour, curve }] : [];
    });
}
