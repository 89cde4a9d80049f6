// Which columns a reader sees who has chosen none: what is worth looking at, as far as the runs tell.

import type { Cell, ColumnNames, CountedName } from "../../api/columns";
import type { Table } from "../rows/table";
import type { Shown } from "../view";

const METRICS_ASKED = 8;
const PARAMS_ASKED = 20;
const METRICS_SHOWN = 6;
const PARAMS_SHOWN = 6;
const FIRST: readonly Shown[] = [{ id: "name", isPinned: true }, { id: "status" }, { id: "start" }, { id: "duration" }];

/** The columns whose values decide, named as the server names them. */
export function candidates(names: ColumnNames): readonly string[] {
  return [
    ...metrics(names).map(({ key }) => `metrics.${key}`),
    ...names.params.slice(0, PARAMS_ASKED).map(({ key }) => `params.${key}`),
  ];
}

/** The most frequent metrics and the params that differ. */
export function defaults(names: ColumnNames, table: Table): readonly Shown[] {
  const differing = names.params.filter(({ key }) => differs(table.values.get(`params.${key}`) ?? []));
  return [
    ...FIRST,
    ...metrics(names)
      .slice(0, METRICS_SHOWN)
      .map(({ key }) => ({ id: `m.${key}` })),
    ...differing.slice(0, PARAMS_SHOWN).map(({ key }) => ({ id: `p.${key}` })),
  ];
}

/** The metrics that people look at first: of validation before of training, losses and scores before the rest. */
function metrics(names: ColumnNames): readonly CountedName[] {
  const ranked = names.metrics.map((name) => ({ name, rank: rankOf(name.key) }));
  ranked.sort((one, other) => one.rank - other.rank);
  return ranked.slice(0, METRICS_ASKED).map(({ name }) => name);
}

/** The lower, the sooner people look at a metric of this name. */
export function rankOf(key: string): number {
  if (key.startsWith("system/")) return 4;
  const isHeldBack = /^(val|valid|test|eval)|[_/.](val|valid|test|eval)([_/.]|$)/i.test(key);
  return (/loss|acc|auc|f1|score|error|rmse|mae|reward|perplexity/i.test(key) ? 0 : 2) + (isHeldBack ? 0 : 1);
}

function differs(values: readonly Cell[]): boolean {
  return values.some((value) => value !== values[0]);
}
