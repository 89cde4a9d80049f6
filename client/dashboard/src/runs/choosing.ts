// Selecting runs by the mouse and by the keyboard.

import type { Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { SELECTED } from "../views/state";
import { useAddressed } from "./addressed";
import type { Line } from "./rows/lines";
import { isSelected, runsBetween, runsOfLine, type Selection, withRuns } from "./rows/selection";
import type { Table } from "./rows/table";

export interface Choosing {
  readonly selection: Signal<Selection>;
  /** Select a line or no longer; with `isRange` all lines since the last one as well. */
  readonly toggle: (row: number, isRange: boolean) => void;
  readonly extend: (from: number, to: number) => void;
  readonly all: (isIn: boolean) => void;
  readonly clear: () => void;
}

export function useChoosing(lines: readonly Line[], table: Table): Choosing {
  const selection: Signal<Selection> = useAddressed(SELECTED);
  const last = useRef(0);
  // The functions stay the same ones, so that the rows need not be drawn anew for them.
  const now = useRef({ lines, table });
  now.current = { lines, table };
  const choosing = useRef<Choosing>({
    selection,
    toggle: (row, isRange) => {
      const { lines: all, table: of } = now.current;
      const isIn = !isSelected(selection.peek(), all[row], of);
      const runs = isRange ? runsBetween(all, of, last.current, row) : runsOfLine(all[row], of);
      selection.value = withRuns(selection.peek(), runs, isRange || isIn);
      last.current = row;
    },
    extend: (from, to) => {
      selection.value = withRuns(selection.peek(), runsBetween(now.current.lines, now.current.table, from, to), true);
      last.current = to;
    },
    all: (isIn) => {
      selection.value = isIn ? new Set(now.current.table.ids) : new Set();
    },
    clear: () => {
      selection.value = new Set();
    },
  });
  return choosing.current;
}
