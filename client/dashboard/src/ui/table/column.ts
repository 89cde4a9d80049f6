// What a grid knows of a column; what its cells show is the page's matter.

export interface GridColumn {
  readonly id: string;
  readonly title: string;
  /** More about it, shown on hover. */
  readonly hint?: string;
  readonly width: number;
  readonly isPinned?: boolean;
  readonly isNumber?: boolean;
  readonly sorted?: "ascending" | "descending" | undefined;
  /** A column of the grid itself, as that of the checkboxes, has no menu, and stays where it is. */
  readonly isFixed?: boolean;
}
