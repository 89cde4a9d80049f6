// One row, or the part of it that is pinned: its cells in sight.

import { Component, type ComponentChildren } from "preact";
import type { GridColumn } from "./column";
import { px, type Span } from "./window";

export interface Layout {
  readonly columns: readonly GridColumn[];
  /** How many of the first columns stay in sight. */
  readonly pins: number;
  /** Where each column begins, and where the last one ends. */
  readonly begins: readonly number[];
  readonly span: Span;
}

export type CellOf = (row: number, column: GridColumn) => ComponentChildren;

interface Props {
  readonly row: number;
  readonly top: number;
  readonly columns: readonly GridColumn[];
  readonly begins: readonly number[];
  /** The columns that it draws, from the first to the last, which is excluded. */
  readonly from: number;
  readonly to: number;
  /** The column of the active cell, if it is in this row. */
  readonly active: number;
  readonly activeId: string;
  readonly isSelected: boolean;
  readonly look: string;
  readonly cell: CellOf;
}

/** Rows are drawn anew only if something of them changed: scrolling draws those that come in. */
export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof Props)[]).some((name) => now[name] !== next[name]);
  }

  render({ row, top, begins, from, to, isSelected, look }: Props) {
    return (
      <div
        role="row"
        class={look}
        data-row={row}
        aria-rowindex={row + 2}
        aria-selected={isSelected}
        style={{ top: px(top), left: px(begins[from] ?? 0), width: px((begins[to] ?? 0) - (begins[from] ?? 0)) }}
      >
        {range(from, to).map((at) => this.cell(at))}
      </div>
    );
  }

  private cell(at: number) {
    const { row, columns, active, activeId, cell } = this.props;
    const column = columns[at];
    if (!column) return null;
    const isActive = at === active;
    return (
      <div
        key={column.id}
        role="gridcell"
        id={isActive ? activeId : undefined}
        class={cellLook(column, isActive)}
        aria-colindex={at + 1}
        style={{ width: px(column.width) }}
      >
        {cell(row, column)}
      </div>
    );
  }
}

function cellLook({ isNumber }: GridColumn, isActive: boolean): string {
  return `${isNumber ? "number" : "text"}${isActive ? " active" : ""}`;
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at);
}
