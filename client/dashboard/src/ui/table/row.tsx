// One row, or the part of it that is pinned: its cells in sight.

import { Component, type ComponentChildren, type VNode } from "preact";
import type { GridColumn } from "./column";
import { fits, px, type Span } from "./window";

export const ROW_HEIGHT = 28;

export interface Layout {
  readonly columns: readonly GridColumn[];
  /** How many of the first columns stay in sight. */
  readonly pins: number;
  /** Where each column begins, and where the last one ends. */
  readonly begins: readonly number[];
  readonly span: Span;
}

export type CellOf = (row: number, column: GridColumn) => ComponentChildren;

/** Pinned cells are rows of their own, and so are the others: each part is one layer for the browser. */
export interface Part {
  readonly columns: readonly GridColumn[];
  readonly begins: readonly number[];
  /** Those in sight, from the first to the last, which is excluded. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

interface Props {
  readonly row: number;
  readonly part: Part;
  /** The column of the active cell, if it is in this row. */
  readonly active: number;
  readonly activeId: string;
  readonly isSelected: boolean;
  readonly look: string;
  readonly cell: CellOf;
}

/** Rows are drawn anew only if something of them changed: scrolling draws those that come in. */
export class Row extends Component<Props> {
  // Cells that stay in sight while others come in from the side are not even compared.
  private drawn = new Map<number, VNode>();

  override componentWillUpdate(next: Props): void {
    const now = this.props;
    const isMoved = now.part !== next.part && now.part.columns === next.part.columns;
    const isSame = now.row === next.row && now.cell === next.cell && now.active === next.active;
    if (!isMoved || !isSame || now.isSelected !== next.isSelected) this.drawn.clear();
  }

  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (
      now.row !== next.row ||
      now.part !== next.part ||
      now.active !== next.active ||
      now.isSelected !== next.isSelected ||
      now.look !== next.look ||
      now.cell !== next.cell
    );
  }

  render({ row, part, isSelected, look }: Props) {
    return (
      <div
        role="row"
        class={look}
        data-row={row}
        aria-rowindex={row + 2}
        aria-selected={isSelected}
        style={placeOf(row, part)}
      >
        {range(part.from, part.to).map((at) => this.cell(at))}
      </div>
    );
  }

  private cell(at: number): VNode | null {
    const drawn = this.drawn.get(at) ?? this.draw(at);
    if (drawn) this.drawn.set(at, drawn);
    return drawn;
  }

  private draw(at: number): VNode | null {
    const { row, part, active, activeId, cell } = this.props;
    const column = part.columns[at];
    if (!column) return null;
    const isActive = at === active;
    const content = cell(row, column);
    const isCut = typeof content !== "string" || !fits(content, column.width);
    return (
      <div
        key={column.id}
        role="gridcell"
        id={isActive ? activeId : undefined}
        class={cellLook(column, isActive, isCut)}
        aria-colindex={at + 1}
        style={{ left: px(part.begins[at] ?? 0), width: px(column.width) }}
      >
        {content}
      </div>
    );
  }
}

// As wide as all columns of the part, so that a column that comes in moves no other cell.
function placeOf(row: number, { width }: Part) {
  return { top: px(row * ROW_HEIGHT), width: px(width) };
}

function cellLook({ isNumber }: GridColumn, isActive: boolean, isCut: boolean): string {
  return `${isNumber ? "number" : "text"}${isCut ? " cut" : ""}${isActive ? " active" : ""}`;
}

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at);
}
