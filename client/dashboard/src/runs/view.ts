// The state of the view, as its address has it. What the address has that is unknown is left out.

import type { ViewType } from "../api/experiments";
import { columnOf } from "./columns/column";

export interface Shown {
  readonly id: string;
  readonly width?: number;
  readonly isPinned?: boolean;
}

export interface Order {
  readonly id: string;
  readonly isDescending: boolean;
}

export type Statistic = "mean" | "min" | "max";

export interface View {
  readonly filter: string;
  readonly order: Order | undefined;
  /** Undefined while the reader has chosen none. */
  readonly columns: readonly Shown[] | undefined;
  /** The id of a column, or `none`; empty for runs under their parents. */
  readonly group: string;
  readonly statistic: Statistic;
  readonly view: ViewType;
}

export const MOST_SHOWN = 240;
export const NARROWEST = 48;
export const WIDEST = 900;
const STATISTICS: readonly Statistic[] = ["mean", "min", "max"];

export function parseView(query: URLSearchParams): View {
  return {
    filter: query.get("filter") ?? "",
    order: parseOrder(query.get("order") ?? ""),
    columns: parseColumns(query.get("columns")),
    group: parseGroup(query.get("group") ?? ""),
    statistic: STATISTICS.find((each) => each === query.get("groups-show")) ?? "mean",
    view: query.get("view") === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY",
  };
}

/** The query of a view: only what differs from a view that nobody has touched. */
export function formatView(view: View): URLSearchParams {
  const query = new URLSearchParams();
  if (view.filter) query.set("filter", view.filter);
  if (view.order) query.set("order", `${view.order.isDescending ? "-" : ""}${view.order.id}`);
  if (view.columns) query.set("columns", view.columns.map(formatColumn).join(","));
  if (view.group) query.set("group", view.group);
  if (view.statistic !== "mean") query.set("groups-show", view.statistic);
  if (view.view === "DELETED_ONLY") query.set("view", "deleted");
  return query;
}

function parseOrder(text: string): Order | undefined {
  const isDescending = text.startsWith("-");
  const id = isDescending ? text.slice(1) : text;
  return columnOf(id) ? { id, isDescending } : undefined;
}

function parseGroup(text: string): string {
  return text === "none" || columnOf(text) ? text : "";
}

function parseColumns(text: string | null): readonly Shown[] | undefined {
  if (text === null) return undefined;
  const found = new Map<string, Shown>();
  for (const each of text.split(",")) {
    const shown = parseColumn(each);
    if (shown && !found.has(shown.id) && found.size < MOST_SHOWN) found.set(shown.id, shown);
  }
  return found.size ? [...found.values()] : undefined;
}

// `m.val/loss!~120`: pinned, 120 pixels wide. These signs in a key are written by their number.
const COLUMN = /^(.+?)(!)?(?:~(\d+))?$/s;

function parseColumn(text: string): Shown | undefined {
  const [, written = "", pin, width] = COLUMN.exec(text) ?? [];
  const id = unescaped(written);
  if (!columnOf(id)) return undefined;
  return { id, ...(pin ? { isPinned: true } : {}), ...(width ? { width: fitting(Number(width)) } : {}) };
}

function formatColumn({ id, isPinned, width }: Shown): string {
  return `${escaped(id)}${isPinned ? "!" : ""}${width ? `~${width}` : ""}`;
}

export function fitting(width: number): number {
  return Math.min(Math.max(Math.round(width), NARROWEST), WIDEST);
}

function escaped(id: string): string {
  return id.replace(/[%,!~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescaped(text: string): string {
  return text.replace(/%(2[15C]|7E)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
