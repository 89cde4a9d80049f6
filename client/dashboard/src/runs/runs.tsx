// The table of runs: what its address says, what the server answers, and what surrounds the grid.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Experiment } from "../api/experiments";
import { replaceQuery, route } from "../app/location";
import { csv } from "../ui/csv";
import { download } from "../ui/download";
import { Failure, Notice, Snippet } from "../ui/notice";
import { OPEN, withOthersOf } from "../views/state";
import { Actions } from "./actions";
import { useAddressed } from "./addressed";
import { useChoosing } from "./choosing";
import { columnOf, orderOf } from "./columns/column";
import { pinnedFirst, placed } from "./columns/shown";
import { sheetOfTexts } from "./columns/texts";
import { isRefused } from "./filter/filter";
import { runsOf } from "./kept";
import { ColumnsPanel } from "./panel";
import { flat, foldable, grouped, hasNested, type Line, nested } from "./rows/lines";
import { withRuns } from "./rows/selection";
import { sortOf } from "./rows/sorting";
import { newsText, type Table } from "./rows/table";
import { RunsGrid } from "./runs_grid";
import { MOST_PAGES, PAGE_ROWS, type Runs } from "./store";
import { Toolbar } from "./toolbar";
import { formatView, parseView, type Shown, type View } from "./view";

const FIRST: readonly Shown[] = [{ id: "name", isPinned: true }, { id: "status" }, { id: "start" }, { id: "duration" }];
const NARROW = 600;
const MOST_VALUES = 30;

interface Props {
  readonly experimentId: string;
  readonly experiment: Experiment | undefined;
}

export function RunsTable({ experimentId, experiment }: Props) {
  const runs = runsOf(experimentId);
  const { query } = route.value;
  const parsed = parseView(query);
  // What is open or selected changes the address, and not the view.
  const view = useMemo(() => parsed, [formatView(parsed).toString()]);
  const open = useAddressed(OPEN);
  const isPanelOpen = useSignal(false);
  const table = runs.table.value;
  useAsking(runs, view);

  const chosen = view.columns ?? runs.defaults.value ?? FIRST;
  const shown = useMemo(() => pinnedFirst(chosen), [chosen]);
  const columns = useMemo(() => placed(shown, innerWidth < NARROW), [shown]);
  const lines = useMemo(() => linesOf(table, view.group, open.value), [table, view.group, open.value]);
  const choosing = useChoosing(lines, table);
  const change = (changed: Partial<View>) =>
    replaceQuery(withOthersOf(route.peek().query, formatView({ ...view, ...changed })));
  const selected = table.ids.filter((id) => choosing.selection.value.has(id));
  const save = (ids: readonly string[]) => {
    const places = ids.map((id) => table.at.get(id) ?? -1);
    const rows = sheetOfTexts(
      table,
      columns.map(({ column }) => column),
      places,
      Date.now(),
    );
    download(`${experiment?.name ?? experimentId}.csv`, "text/csv;charset=utf-8", csv(rows));
  };
  const folds = foldable(lines);
  const failure = runs.failure.value;
  const known = { names: runs.names.value, valuesOf: (name: string) => valuesOf(table, name) };
  const isEmpty = runs.isAnswered.value && table.ids.length === 0;
  return (
    <>
      <Toolbar
        view={view}
        names={runs.names.value}
        known={known}
        failure={failure}
        isPanelOpen={isPanelOpen.value}
        onChange={change}
        onPanel={() => {
          isPanelOpen.value = !isPanelOpen.value;
          if (isPanelOpen.value) void runs.askNames();
        }}
        onExport={() => save(table.ids)}
        onOpenAll={
          folds.length > 0
            ? (isOpen) => {
                open.value = new Set(isOpen ? folds : []);
              }
            : undefined
        }
      />
      {selected.length > 0 && (
        <Actions
          experimentId={experimentId}
          ids={selected}
          view={view.view}
          onExport={() => save(selected)}
          onClear={choosing.clear}
          onDeselect={(ids) => {
            choosing.selection.value = withRuns(choosing.selection.peek(), ids, false);
          }}
          onDone={async () => {
            await runs.refresh();
            runs.accept();
            await runs.askNames();
          }}
        />
      )}
      <News runs={runs} />
      {failure && !isRefused(failure) ? <Failure failure={failure} again={() => runs.begin()} /> : null}
      <div class="beside">
        {isEmpty ? (
          <Nothing view={view} experiment={experiment} onChange={change} />
        ) : (
          <RunsGrid
            experimentId={experimentId}
            view={view}
            shown={shown}
            columns={columns}
            table={table}
            lines={lines}
            choosing={choosing}
            open={open}
            isBusy={runs.isAsking.value && !runs.isAnswered.value}
            onChange={change}
          />
        )}
        {isPanelOpen.value && (
          <ColumnsPanel
            shown={shown}
            names={runs.names.value}
            onChange={(changed) => change({ columns: changed })}
            onReset={() => change({ columns: undefined })}
            onClose={() => (isPanelOpen.value = false)}
          />
        )}
      </div>
      <Foot runs={runs} isSortedHere={sortOf(view.order) !== undefined} />
    </>
  );
}

function useAsking(runs: Runs, view: View): void {
  useEffect(() => {
    const column = view.order && columnOf(view.order.id);
    const name = column && orderOf(column);
    const order = name ? [`${name} ${view.order?.isDescending ? "DESC" : "ASC"}`] : [];
    const needs = view.columns?.flatMap(({ id }) => columnOf(id)?.needs ?? []);
    const besides = columnOf(view.group)?.needs ?? [];
    runs.show({ filter: view.filter, order, view: view.view }, needs, besides, sortOf(view.order));
  }, [runs, view]);
  useEffect(() => runs.watch(), [runs]);
}

function linesOf(table: Table, group: string, open: ReadonlySet<string>): readonly Line[] {
  const column = columnOf(group);
  if (column) return grouped(table, column.needs[0] ?? "", open);
  return group === "" && hasNested(table) ? nested(table, open) : flat(table);
}

function valuesOf(table: Table, name: string): readonly string[] {
  const found = new Set<string>();
  for (const value of table.values.get(name) ?? []) {
    if (value !== null) found.add(String(value));
    if (found.size >= MOST_VALUES) break;
  }
  return [...found].sort();
}

function News({ runs }: { runs: Runs }) {
  const news = runs.news.value;
  return (
    <div role="status">
      {news && (
        <p class="news">
          {newsText(news)}{" "}
          <button type="button" onClick={() => runs.accept()}>
            Show
          </button>
        </p>
      )}
    </div>
  );
}

function Foot({ runs, isSortedHere }: { runs: Runs; isSortedHere: boolean }) {
  const count = runs.table.value.ids.length;
  const isFull = count >= MOST_PAGES * PAGE_ROWS;
  return (
    <footer class="foot">
      <span>
        {count} {count === 1 ? "run" : "runs"}
        {runs.hasMore.value ? " of more" : ""}
        {runs.hasMore.value && isSortedHere ? ", in order among each other" : ""}
      </span>
      {runs.hasMore.value && !isFull && (
        <button type="button" disabled={runs.isAsking.value} onClick={() => runs.more()}>
          Show {PAGE_ROWS} more
        </button>
      )}
      {runs.hasMore.value && isFull && <span>The table has no more room: filter to see others.</span>}
      <Keys />
    </footer>
  );
}

const KEYS: readonly (readonly [string, string])[] = [
  ["Space, Shift and arrows", "select"],
  ["Enter", "opens a run, or a group"],
  ["Alt → ←", "opens, closes what is nested"],
  ["Control C", "copies the selected ids"],
  ["Enter in the head", "orders"],
  ["Alt ↓ in the head", "opens its menu"],
  ["Alt → ← in the head", "moves it, with Shift resizes it"],
];

function Keys() {
  return (
    <details class="keys">
      <summary>Keys</summary>
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface NothingProps {
  readonly view: View;
  readonly experiment: Experiment | undefined;
  readonly onChange: (changed: Partial<View>) => void;
}

function Nothing({ view, experiment, onChange }: NothingProps) {
  if (view.filter) {
    return (
      <Notice title="No run matches">
        <button type="button" onClick={() => onChange({ filter: "" })}>
          Clear the filter
        </button>
      </Notice>
    );
  }
  if (view.view === "DELETED_ONLY") return <Notice title="No run is deleted" />;
  return (
    <Notice title="There is no run yet">
      <p>Log the first one:</p>
      <Snippet
        lines={[
          `import cumulog; cumulog.set_tracking_uri("${location.origin}")`,
          `cumulog.set_experiment(experiment_id="${experiment?.experiment_id ?? ""}")`,
          'cumulog.log_metric("loss", 0.5)',
        ]}
      />
    </Notice>
  );
}
