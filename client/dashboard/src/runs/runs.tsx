// The table of runs: what its address says, what the server answers, and the grid that shows it.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Experiment } from "../api/experiments";
import { replaceQuery, route } from "../app/location";
import type { GridColumn } from "../ui/table/column";
import { Grid } from "../ui/table/grid";
import { withViewOf } from "../views/state";
import { CHECKBOX, cellsOf } from "./cells";
import { columnOf, orderOf } from "./columns/column";
import { type Placed, placed } from "./columns/shown";
import { flat, grouped, hasNested, type Line, nested } from "./rows/lines";
import { isSelected, type Selection, withRuns } from "./rows/selection";
import type { Table } from "./rows/table";
import { runsOf } from "./store";
import { formatView, parseView, type Shown, type View } from "./view";

const FIRST: readonly Shown[] = [{ id: "name", isPinned: true }, { id: "status" }, { id: "start" }, { id: "duration" }];

interface Props {
  readonly experimentId: string;
  readonly experiment: Experiment | undefined;
}

export function RunsTable({ experimentId }: Props) {
  const runs = runsOf(experimentId);
  const { query } = route.value;
  const view = useMemo(() => parseView(query), [query]);
  const open = useSignal<ReadonlySet<string>>(new Set());
  const selection = useSignal<Selection>(new Set());
  const table = runs.table.value;
  useAsking(runs, view);
  useEffect(() => runs.watch(), [runs]);

  const change = (changed: Partial<View>) =>
    replaceQuery(withViewOf(route.peek().query, formatView({ ...view, ...changed })));
  const shown = view.columns ?? runs.defaults.value ?? FIRST;
  const columns = useMemo(() => placed(shown, innerWidth < 600), [shown]);
  const lines = useMemo(() => linesOf(table, view, open.value), [table, view.group, open.value]);
  const grid = useMemo(() => gridColumns(columns, view, table), [columns, view.order, table]);
  const toggle = (key: string) => {
    open.value = withRuns(open.peek(), [key], !open.peek().has(key));
  };
  const cell = useMemo(
    () =>
      cellsOf({
        experimentId,
        table,
        lines,
        columns: new Map(columns.map(({ id, column }) => [id, column])),
        first: columns[0]?.id ?? "",
        statistic: view.statistic,
        selection,
        onToggle: toggle,
        onSelect: () => undefined,
      }),
    [table, lines, columns, view.statistic],
  );
  return (
    <Grid
      label="Runs"
      columns={grid}
      rows={lines.length}
      isBusy={runs.isAsking.value}
      cell={cell}
      fixed={() => null}
      look={(row) => (lines[row]?.kind === "group" ? "group" : "")}
      isSelected={(row) => isSelected(selection.value, lines[row], table)}
      onKey={() => false}
      onExtend={() => undefined}
      onSort={(id) => change({ order: { id, isDescending: !(view.order?.id === id && view.order.isDescending) } })}
      onMove={() => undefined}
      onResize={() => undefined}
      onMenu={() => undefined}
    />
  );
}

function useAsking(runs: ReturnType<typeof runsOf>, view: View): void {
  useEffect(() => {
    const column = view.order && columnOf(view.order.id);
    const name = column && orderOf(column);
    const order = name ? [`${name} ${view.order?.isDescending ? "DESC" : "ASC"}`] : [];
    const needs = view.columns?.flatMap(({ id }) => columnOf(id)?.needs ?? []);
    const group = columnOf(view.group)?.needs ?? [];
    runs.show({ filter: view.filter, order, view: view.view }, needs && [...needs, ...group]);
  }, [runs, view]);
}

function linesOf(table: Table, { group }: View, open: ReadonlySet<string>): readonly Line[] {
  const column = columnOf(group);
  if (column) return grouped(table, column.needs[0] ?? "", open);
  const isNested = group === "parent" || (group === "" && hasNested(table));
  return isNested ? nested(table, open) : flat(table);
}

const BOXES: GridColumn = { id: CHECKBOX, title: "Select", width: 34, isPinned: true, isFixed: true };

function gridColumns(columns: readonly Placed[], { order }: View, _table: Table): readonly GridColumn[] {
  const others = columns.map(({ id, column, width, isPinned }): GridColumn => {
    const sorted = order?.id === id ? (order.isDescending ? "descending" : "ascending") : undefined;
    return { id, title: column.title, width, isPinned: isPinned ?? false, isNumber: column.isNumber, sorted };
  });
  return [BOXES, ...others];
}
