// The grid of runs: its columns, cells, keys and menus.

import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { go } from "../app/location";
import type { GridColumn } from "../ui/table/column";
import { Grid } from "../ui/table/grid";
import { CHECKBOX, cellsOf } from "./cells";
import type { Choosing } from "./choosing";
import { columnOf } from "./columns/column";
import { adjusted, nudged, type Placed, put } from "./columns/shown";
import { isNumeric } from "./columns/texts";
import { HeadMenu, type Opened } from "./head_menu";
import { act } from "./keys";
import type { Line } from "./rows/lines";
import { isSelected, withRuns } from "./rows/selection";
import type { Table } from "./rows/table";
import { fitting, type Shown, type View } from "./view";

interface Props {
  readonly experimentId: string;
  readonly view: View;
  readonly shown: readonly Shown[];
  readonly columns: readonly Placed[];
  readonly table: Table;
  readonly lines: readonly Line[];
  readonly choosing: Choosing;
  readonly open: Signal<ReadonlySet<string>>;
  readonly isBusy: boolean;
  readonly onChange: (changed: Partial<View>) => void;
}

export function RunsGrid(props: Props) {
  const { experimentId, view, shown, columns, table, lines, choosing, open, onChange } = props;
  const menu = useSignal<Opened | undefined>(undefined);
  const grid = useMemo(() => gridColumns(columns, view, table), [columns, view.order, table]);
  const { selection } = choosing;
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
        onToggle: (key) => fold(open, key, !open.peek().has(key)),
        onSelect: choosing.toggle,
      }),
    [experimentId, table, lines, columns, view.statistic],
  );
  const doing = {
    sort: (id: string) => onChange(ordered(view, id)),
    menu: (id: string) => {
      menu.value = { id, anchor: headOf(grid.findIndex((each) => each.id === id)) };
    },
    nudge: (id: string, by: 1 | -1) => onChange({ columns: nudged(shown, id, by) }),
    widen: (id: string, by: number) => {
      const width = (columns.find((each) => each.id === id)?.width ?? 0) + by;
      onChange({ columns: adjusted(shown, id, { width: fitting(width) }) });
    },
    select: choosing.toggle,
    selectAll: () => choosing.all(selection.peek().size < table.ids.length),
    clear: choosing.clear,
    copy: () => void navigator.clipboard.writeText([...selection.peek()].join("\n")).catch(() => undefined),
    enter: (row: number) => enter(experimentId, table, lines[row], open),
    unfold: (row: number, isOpen: boolean) => fold(open, lines[row]?.key ?? "", isOpen),
  };
  return (
    <>
      <Grid
        label="Runs"
        columns={grid}
        rows={lines.length}
        isBusy={props.isBusy}
        cell={cell}
        fixed={() => <All count={selection.value.size} all={table.ids.length} onAll={choosing.all} />}
        look={(row) => (lines[row]?.kind === "group" ? "group" : "")}
        isSelected={(row) => isSelected(selection.value, lines[row], table)}
        onKey={(event, place, column) => act(event, place, column?.isFixed ? "" : column?.id, doing)}
        onExtend={choosing.extend}
        onSort={doing.sort}
        onMove={(id, before) => onChange({ columns: put(shown, id, before) })}
        onResize={(id, width) => onChange({ columns: adjusted(shown, id, { width: fitting(width) }) })}
        onMenu={(id, anchor) => {
          menu.value = { id, anchor };
        }}
      />
      {menu.value && (
        <HeadMenu
          opened={menu.value}
          shown={shown}
          order={view.order}
          onChange={onChange}
          onClose={() => (menu.value = undefined)}
        />
      )}
    </>
  );
}

function All({ count, all, onAll }: { count: number; all: number; onAll: (isIn: boolean) => void }) {
  const isEach = all > 0 && count >= all;
  // On click rather than on change: the click also draws the head anew, and so the box as it was before it changes.
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      aria-label="Select all"
      checked={isEach}
      indeterminate={count > 0 && !isEach}
      onClick={() => onAll(!isEach)}
    />
  );
}

const BOXES: GridColumn = { id: CHECKBOX, title: "Select", width: 34, isPinned: true, isFixed: true };

function gridColumns(columns: readonly Placed[], { order }: View, table: Table): readonly GridColumn[] {
  const others = columns.map(({ id, column, width, isPinned }): GridColumn => {
    const sorted = order?.id === id ? (order.isDescending ? "descending" : "ascending") : undefined;
    const isNumber = column.isNumber || (column.kind === "param" && isNumeric(table, column));
    return { id, title: column.title, hint: column.title, width, isPinned: isPinned ?? false, isNumber, sorted };
  });
  return [BOXES, ...others];
}

/** Ordered by a column; once more by the same turns it round, and then it is the usual order again. */
function ordered({ order }: View, id: string): Partial<View> {
  if (!columnOf(id)) return {};
  if (order?.id !== id) return { order: { id, isDescending: false } };
  return { order: order.isDescending ? undefined : { id, isDescending: true } };
}

function fold(open: Signal<ReadonlySet<string>>, key: string, isOpen: boolean): void {
  open.value = withRuns(open.peek(), [key], isOpen);
}

function enter(experimentId: string, table: Table, line: Line | undefined, open: Signal<ReadonlySet<string>>): void {
  if (line?.kind === "group") fold(open, line.key, !line.isOpen);
  else if (line) go(["experiments", experimentId, "runs", table.ids[line.run] ?? ""]);
}

/** Where the head of a column is on the screen. */
function headOf(at: number): DOMRect {
  const head = document.querySelector(`.grid .head [aria-colindex="${at + 1}"]`);
  return head?.getBoundingClientRect() ?? new DOMRect();
}
