// A large table: only the rows and columns in sight are in the document. The focus is on the grid, which says what is
// active in it, since a cell may leave the document while it is.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { GridColumn } from "./column";
import { Head, type HeadActions } from "./head";
import { HEAD, moved, type Place, within } from "./moves";
import { type CellOf, type Layout, type Part, ROW_HEIGHT, Row, range } from "./row";
import { areAll, nextShares, SHARES } from "./shares";
import { columnsInSight, offsets, pinsThatFit, px, rowsInSight, type Span, scrolledTo } from "./window";

const SPARE_ROWS = 6;

export interface GridProps extends HeadActions {
  readonly label: string;
  /** The pinned ones first. */
  readonly columns: readonly GridColumn[];
  readonly rows: number;
  readonly isBusy: boolean;
  /** What a cell shows. Another function draws all rows anew. */
  readonly cell: CellOf;
  readonly fixed: (column: GridColumn) => ComponentChildren;
  readonly look: (row: number) => string;
  readonly isSelected: (row: number) => boolean;
  /** A key that does not move: whether it was of use. */
  readonly onKey: (event: KeyboardEvent, place: Place, column: GridColumn | undefined) => boolean;
  /** A key that moves while Shift is held. */
  readonly onExtend: (from: number, to: number) => void;
}

interface Sight {
  readonly rows: Span;
  readonly columns: Span;
  /** Of the columns those in sight, with none to spare. */
  readonly needed: Span;
  readonly pins: number;
  readonly page: number;
}

const NOTHING: Sight = {
  rows: { from: 0, to: 0 },
  columns: { from: 0, to: 0 },
  needed: { from: 0, to: 0 },
  pins: 0,
  page: 1,
};

export function Grid(props: GridProps) {
  const { columns, rows } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const activeId = useId();
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const begins = useMemo(() => offsets(columns), [columns]);
  const sight = useSight(scroller, columns, begins, rows);
  const layout = useLayout(columns, begins, sight);
  const place = within(active, { rows, columns: columns.length, page: sight.page });

  const go = (to: Place) => {
    setActive(to);
    if (scroller.current) reveal(scroller.current, to, layout);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const to = event.altKey
      ? undefined
      : moved(place, pressed(event), { rows, columns: columns.length, page: sight.page });
    if (to && event.shiftKey && to.row !== place.row) props.onExtend(place.row, to.row);
    if (to) go(to);
    if (to || props.onKey(event, place, columns[place.column])) event.preventDefault();
  };
  const pool = Math.max(sight.rows.to - sight.rows.from, 1);
  const pinned = usePart(layout);
  const others = useShares(layout, sight.needed);
  const drawn = (parts: readonly Part[]) =>
    range(sight.rows.from, Math.min(sight.rows.to, rows)).map((row) => {
      const part = parts[row % parts.length] as Part;
      return (
        <Row
          key={row % pool}
          row={row}
          part={part}
          active={place.row === row && place.column >= part.from && place.column < part.to ? place.column : -1}
          activeId={activeId}
          isSelected={props.isSelected(row)}
          look={props.look(row)}
          cell={props.cell}
        />
      );
    });

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rows + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-busy={props.isBusy}
      aria-activedescendant={activeId}
      onKeyDown={onKeyDown}
      onClick={(event) => setActive(placeOf(event.target) ?? place)}
      onPointerOver={(event) => hover(event.currentTarget, event.target)}
      onPointerLeave={(event) => hover(event.currentTarget, null)}
    >
      <Head {...props} layout={layout} active={place.row === HEAD ? place.column : -1} activeId={activeId} />
      <div class="body" role="presentation" style={{ height: px(rows * ROW_HEIGHT), width: px(begins.at(-1) ?? 0) }}>
        <div role="rowgroup" class="pins" style={{ width: px(begins[sight.pins] ?? 0) }}>
          {drawn(pinned)}
        </div>
        <div role="rowgroup">{drawn(others)}</div>
      </div>
    </div>
  );
}

/** What is in sight; the grid is drawn anew only when other rows or columns come in. */
function useSight(
  scroller: { readonly current: HTMLDivElement | null },
  columns: readonly GridColumn[],
  begins: readonly number[],
  rows: number,
): Sight {
  const [sight, setSight] = useState(NOTHING);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let last = NOTHING;
    const look = () => {
      const next = seen(element, columns, begins, rows);
      if (!isSame(next, last)) setSight(next);
      last = next;
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [columns, begins, rows]);
  return sight;
}

function seen(element: HTMLElement, columns: readonly GridColumn[], begins: readonly number[], rows: number): Sight {
  const { scrollTop, scrollLeft, clientWidth, clientHeight } = element;
  const pinned = columns.filter((column) => column.isPinned);
  const pins = pinsThatFit(pinned, clientWidth);
  const covered = begins[pins] ?? 0;
  return {
    rows: rowsInSight(scrollTop, clientHeight, ROW_HEIGHT, rows, SPARE_ROWS),
    columns: columnsInSight(scrollLeft + covered, clientWidth - covered, begins, 1),
    needed: columnsInSight(scrollLeft + covered, clientWidth - covered, begins, 0),
    pins,
    page: Math.max(Math.ceil(clientHeight / ROW_HEIGHT) - 1, 1),
  };
}

function isSame(one: Sight, other: Sight): boolean {
  return (
    one.rows.from === other.rows.from &&
    one.rows.to === other.rows.to &&
    one.columns.from === other.columns.from &&
    one.columns.to === other.columns.to &&
    one.pins === other.pins &&
    one.page === other.page
  );
}

function useLayout(columns: readonly GridColumn[], begins: readonly number[], sight: Sight): Layout {
  const { from, to } = sight.columns;
  const { pins } = sight;
  return useMemo(() => ({ columns, pins, begins, span: { from, to } }), [columns, begins, pins, from, to]);
}

/** The pinned columns, all of them. */
function usePart({ columns, begins, pins }: Layout): readonly Part[] {
  return useMemo(() => [{ columns, begins, from: 0, to: pins, width: begins[pins] ?? 0 }], [columns, begins, pins]);
}

/** The other columns in sight, for each share of the rows: what comes in is drawn in some frames rather than in one. */
function useShares({ columns, begins, pins, span }: Layout, needed: Span): readonly Part[] {
  const [, setTurn] = useState(0);
  const shown = useRef<readonly Part[]>([]);
  const wanted = useMemo(
    () => ({
      columns,
      begins,
      from: Math.max(span.from, pins),
      to: Math.max(span.to, pins),
      width: begins.at(-1) ?? 0,
    }),
    [columns, begins, pins, span],
  );
  const isOther = shown.current[0]?.begins !== begins || shown.current[0].columns !== columns;
  shown.current = isOther ? range(0, SHARES).map(() => wanted) : nextShares(shown.current, wanted, needed);
  useEffect(() => {
    if (areAll(shown.current, wanted)) return;
    const next = requestAnimationFrame(() => setTurn((turn) => turn + 1));
    return () => cancelAnimationFrame(next);
  });
  return shown.current;
}

function reveal(element: HTMLElement, { row, column }: Place, { begins, pins }: Layout): void {
  if (row !== HEAD) {
    const top = row * ROW_HEIGHT;
    element.scrollTop = scrolledTo(top, top + ROW_HEIGHT, element.scrollTop, element.clientHeight - ROW_HEIGHT);
  }
  if (column < pins) return;
  const covered = begins[pins] ?? 0;
  const [begin, end] = [(begins[column] ?? 0) - covered, (begins[column + 1] ?? 0) - covered];
  element.scrollLeft = scrolledTo(begin, end, element.scrollLeft, element.clientWidth - covered);
}

function pressed(event: KeyboardEvent): { key: string; isControl: boolean } {
  return { key: event.key, isControl: event.ctrlKey || event.metaKey };
}

/** The cell that an event happened in. */
function placeOf(target: EventTarget | null): Place | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest("[data-row]")?.getAttribute("data-row");
  const column = target.closest("[aria-colindex]")?.getAttribute("aria-colindex");
  return row && column ? { row: Number(row), column: Number(column) - 1 } : undefined;
}

/** Mark the row under the pointer, both of its parts, without drawing anything anew. */
function hover(grid: HTMLElement, target: EventTarget | null): void {
  const row = target instanceof Element ? target.closest(".body [data-row]")?.getAttribute("data-row") : undefined;
  for (const marked of grid.querySelectorAll("[data-hovered]")) marked.removeAttribute("data-hovered");
  if (!row) return;
  for (const part of grid.querySelectorAll(`.body [data-row="${row}"]`)) part.setAttribute("data-hovered", "");
}
