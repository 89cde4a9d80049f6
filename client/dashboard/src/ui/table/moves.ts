// How the keyboard moves over a table. The head is row -1.

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** How many rows a page has. */
  readonly page: number;
}

export const HEAD = -1;

interface Pressed {
  readonly key: string;
  readonly isControl: boolean;
}

/** Where a key leads from a place; undefined for a key that does not move. */
export function moved(from: Place, { key, isControl }: Pressed, extent: Extent): Place | undefined {
  const to = target(from, key, isControl, extent);
  return to && within(to, extent);
}

export function within({ row, column }: Place, { rows, columns }: Extent): Place {
  return {
    row: Math.min(Math.max(row, HEAD), rows - 1),
    column: Math.min(Math.max(column, 0), Math.max(columns - 1, 0)),
  };
}

function target({ row, column }: Place, key: string, isControl: boolean, extent: Extent): Place | undefined {
  const last = { row: extent.rows - 1, column: extent.columns - 1 };
  switch (key) {
    case "ArrowUp":
      return { row: isControl ? HEAD : row - 1, column };
    case "ArrowDown":
      return { row: isControl ? last.row : row + 1, column };
    case "ArrowLeft":
      return { row, column: isControl ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: isControl ? last.column : column + 1 };
    case "PageUp":
      return { row: Math.max(row - extent.page, 0), column };
    case "PageDown":
      return { row: row + extent.page, column };
    case "Home":
      return isControl ? { row: 0, column: 0 } : { row, column: 0 };
    case "End":
      return isControl ? last : { row, column: last.column };
    default:
      return undefined;
  }
}
