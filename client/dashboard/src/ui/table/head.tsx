// The head of a grid: titles to order by, handles to resize by, and columns to move by drag.

import type { ComponentChildren, HTMLAttributes } from "preact";
import { useState } from "preact/hooks";
import type { GridColumn } from "./column";
import { type Layout, range } from "./row";
import { px } from "./window";

export interface HeadActions {
  readonly onSort: (id: string) => void;
  /** Put a column before another one; behind all if `before` is undefined. */
  readonly onMove: (id: string, before: string | undefined) => void;
  readonly onResize: (id: string, width: number) => void;
  readonly onMenu: (id: string, anchor: DOMRect) => void;
}

interface Props extends HeadActions {
  readonly layout: Layout;
  readonly active: number;
  readonly activeId: string;
  readonly fixed: (column: GridColumn) => ComponentChildren;
}

export function Head(props: Props) {
  const { pins, begins, span } = props.layout;
  const [target, setTarget] = useState("");
  const cell = (at: number) => (
    <HeadCell key={props.layout.columns[at]?.id} {...props} at={at} target={target} setTarget={setTarget} />
  );
  const from = Math.max(span.from, pins);
  return (
    <div role="rowgroup" class="head" style={{ width: px(begins.at(-1) ?? 0) }}>
      <div role="row" aria-rowindex={1} data-row={-1}>
        <div class="pinned" role="presentation" style={{ width: px(begins[pins] ?? 0) }}>
          {range(0, pins).map(cell)}
        </div>
        <div class="others" role="presentation" style={{ left: px(begins[from] ?? 0) }}>
          {range(from, span.to).map(cell)}
        </div>
      </div>
    </div>
  );
}

interface CellProps extends Props {
  readonly at: number;
  /** The column that a dragged one would be put before. */
  readonly target: string;
  readonly setTarget: (id: string) => void;
}

const DRAGGED = "application/x-cumulog-column";

function HeadCell(props: CellProps) {
  const column = props.layout.columns[props.at];
  if (!column) return null;
  const look = [
    column.isNumber ? "number" : "text",
    props.at === props.active ? "active" : "",
    props.target === column.id ? "target" : "",
  ];
  return (
    <div
      role="columnheader"
      id={props.at === props.active ? props.activeId : undefined}
      class={look.join(" ")}
      title={column.hint}
      aria-colindex={props.at + 1}
      aria-sort={column.sorted ?? "none"}
      style={{ width: px(column.width) }}
      {...(column.isFixed ? {} : dragging(column, props))}
    >
      {column.isFixed ? props.fixed(column) : <Title column={column} {...props} />}
    </div>
  );
}

function Title({ column, onSort, onMenu, onResize }: { column: GridColumn } & HeadActions) {
  return (
    <>
      <button type="button" tabIndex={-1} class="title" onClick={() => onSort(column.id)}>
        {column.title}
      </button>
      {column.sorted && <span aria-hidden="true">{column.sorted === "ascending" ? "↑" : "↓"}</span>}
      <button
        type="button"
        tabIndex={-1}
        class="opener"
        aria-label={`Menu of ${column.title}`}
        onClick={(event) => onMenu(column.id, event.currentTarget.getBoundingClientRect())}
      >
        ⋯
      </button>
      <span class="handle" aria-hidden="true" onPointerDown={(event) => resize(event, column, onResize)} />
    </>
  );
}

function dragging(column: GridColumn, { onMove, setTarget, onMenu }: CellProps): HTMLAttributes<HTMLDivElement> {
  return {
    draggable: true,
    onDragStart: (event) => event.dataTransfer?.setData(DRAGGED, column.id),
    onDragOver: (event) => {
      if (!event.dataTransfer?.types.includes(DRAGGED)) return;
      event.preventDefault();
      setTarget(column.id);
    },
    onDragLeave: () => setTarget(""),
    onDragEnd: () => setTarget(""),
    onDrop: (event) => {
      event.preventDefault();
      setTarget("");
      const dragged = event.dataTransfer?.getData(DRAGGED);
      if (dragged && dragged !== column.id) onMove(dragged, column.id);
    },
    onContextMenu: (event) => {
      event.preventDefault();
      onMenu(column.id, event.currentTarget.getBoundingClientRect());
    },
  };
}

function resize(event: PointerEvent, column: GridColumn, onResize: HeadActions["onResize"]): void {
  const handle = event.currentTarget as HTMLElement;
  // Otherwise the drag of the column begins.
  event.preventDefault();
  event.stopPropagation();
  handle.setPointerCapture(event.pointerId);
  const move = (moved: PointerEvent) => onResize(column.id, column.width + moved.clientX - event.clientX);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
}
