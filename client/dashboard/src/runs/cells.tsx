// What the cells of the table show.

import type { ComponentChildren } from "preact";
import { formatRoute } from "../app/route";
import { now } from "../ui/clock";
import type { CellOf } from "../ui/table/row";
import { fits, px } from "../ui/table/window";
import type { Column } from "./columns/column";
import { hintOf, isKnown, metricText, textOf } from "./columns/texts";
import type { GroupLine, Line, RunLine } from "./rows/lines";
import { isSelected, type Selection } from "./rows/selection";
import { type Summary, shared, summary } from "./rows/statistics";
import { cellAt, type Table } from "./rows/table";
import type { Statistic } from "./view";

export const CHECKBOX = "select";

export interface Shown {
  readonly experimentId: string;
  readonly table: Table;
  readonly lines: readonly Line[];
  readonly columns: ReadonlyMap<string, Column>;
  /** The column that says what a group is. */
  readonly first: string;
  readonly statistic: Statistic;
  readonly selection: { readonly value: Selection };
  readonly onToggle: (key: string) => void;
  readonly onSelect: (row: number, isRange: boolean) => void;
}

/** The function that draws a cell. */
export function cellsOf(shown: Shown): CellOf {
  const summaries = new Map<string, Summary | undefined>();
  return (row, { id, width }) => {
    const line = shown.lines[row];
    if (!line) return null;
    if (id === CHECKBOX) return checkbox(shown, line, row);
    const column = shown.columns.get(id);
    if (!column) return null;
    if (!isKnown(shown.table, column)) return <span class="quiet">…</span>;
    return line.kind === "group"
      ? groupCell(shown, line, column, summaries)
      : runCell(shown, line, column, width, summaries);
  };
}

function checkbox({ selection, table, onSelect }: Shown, line: Line, row: number): ComponentChildren {
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      aria-label="Select"
      checked={isSelected(selection.value, line, table)}
      onClick={(event) => onSelect(row, event.shiftKey)}
    />
  );
}

type Summaries = Map<string, Summary | undefined>;

function runCell(shown: Shown, line: RunLine, column: Column, width: number, summaries: Summaries): ComponentChildren {
  const { table } = shown;
  if (column.id === "name") return <Name shown={shown} line={line} />;
  if (column.id === "status") return status(textOf(table, column, line.run, 0));
  const text = textOf(table, column, line.run, isLive(table, column, line.run) ? now.value : 0);
  if (!text && line.members.length > 0 && column.kind === "metric") {
    return statisticCell(shown, line, column, summaries);
  }
  const hint = hintOf(table, column, line.run);
  const isPlain = hint === undefined || (hint === text && fits(text, width));
  return isPlain ? text : <span title={hint}>{text}</span>;
}

/** Whether a cell changes as time goes by. */
function isLive(table: Table, column: Column, run: number): boolean {
  if (column.id === "start" || column.id === "end") return true;
  return column.id === "duration" && !cellAt(table, "attributes.end_time", run);
}

function status(text: string): ComponentChildren {
  return <span class={`status ${text.toLowerCase()}`}>{text}</span>;
}

function Name({ shown, line }: { shown: Shown; line: RunLine }) {
  const { table, experimentId } = shown;
  const id = table.ids[line.run] ?? "";
  const name = String(cellAt(table, "attributes.run_name", line.run) ?? "") || id.slice(0, 8);
  return (
    <span style={{ paddingLeft: px(line.depth * 16) }}>
      {line.members.length > 0 && <Toggle line={line} onToggle={shown.onToggle} name={name} />}
      <a tabIndex={-1} title={name} href={formatRoute(["experiments", experimentId, "runs", id])}>
        {name}
      </a>
      {line.members.length > 0 && <span class="quiet"> {line.members.length}</span>}
    </span>
  );
}

function Toggle({ line, name, onToggle }: { line: Line; name: string; onToggle: Shown["onToggle"] }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      class="toggle"
      aria-expanded={line.isOpen}
      aria-label={`Runs of ${name}`}
      onClick={() => onToggle(line.key)}
    >
      {line.isOpen ? "▾" : "▸"}
    </button>
  );
}

function groupCell(shown: Shown, line: GroupLine, column: Column, summaries: Summaries): ComponentChildren {
  if (column.id === shown.first) {
    const value = line.value === null ? "no value" : String(line.value);
    return (
      <span title={value}>
        <Toggle line={line} onToggle={shown.onToggle} name={value} />
        {line.value === null ? <i>{value}</i> : value} <span class="quiet">{line.members.length}</span>
      </span>
    );
  }
  if (column.kind === "metric") return statisticCell(shown, line, column, summaries);
  if (column.kind === "attribute" && column.id !== "user") return null;
  const value = shared(shown.table.values.get(column.needs[0] ?? "") ?? [], line.members);
  return value === undefined ? <span class="quiet">differs</span> : value;
}

function statisticCell({ table, statistic }: Shown, line: Line, column: Column, summaries: Summaries) {
  const key = `${line.key} ${column.id}`;
  if (!summaries.has(key)) {
    summaries.set(key, summary(table.values.get(column.needs[0] ?? "") ?? [], line.members));
  }
  const found = summaries.get(key);
  if (!found) return null;
  const [mean, min, max] = [found.mean, found.min, found.max].map((value) => metricText(column, value));
  const hint = `mean ${mean}, min ${min}, max ${max}, of ${found.count} ${found.count === 1 ? "run" : "runs"}`;
  return (
    <span class="statistic" title={hint}>
      {metricText(column, found[statistic])}
    </span>
  );
}
