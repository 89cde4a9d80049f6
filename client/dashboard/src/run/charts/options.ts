// How charts are looked at, kept in the address.

import type { XAxis } from "../../api/curves";
import type { Looks, Range } from "../../charts/shape/view";

export interface Options {
  readonly search: string;
  readonly axis: XAxis;
  readonly looks: Looks;
  /** The metric that is shown alone. */
  readonly chart: string;
  readonly range: Range | undefined;
}

const AXES: readonly XAxis[] = ["step", "time", "relative"];
const MOST_SMOOTHING = 0.99;

export function readOptions(query: URLSearchParams): Options {
  const asked = query.get("x") as XAxis | null;
  const axis = asked && AXES.includes(asked) ? asked : "step";
  const looks = {
    // A moment has no zero that a logarithm would start from.
    isLogX: query.get("logx") === "1" && axis !== "time",
    isLogY: query.get("logy") === "1",
    smoothing: Math.min(Math.max(Number(query.get("smooth")) || 0, 0), MOST_SMOOTHING),
  };
  return { search: query.get("search") ?? "", axis, looks, chart: query.get("chart") ?? "", range: readRange(query) };
}

function readRange(query: URLSearchParams): Range | undefined {
  const [from, to] = [query.get("from"), query.get("to")].map((text) => (text ? Number(text) : Number.NaN));
  return from !== undefined && to !== undefined && to > from ? { from, to } : undefined;
}

export function writeRange(range: Range | undefined): { from: string; to: string } {
  return { from: range ? short(range.from) : "", to: range ? short(range.to) : "" };
}

function short(value: number): string {
  return String(Number(value.toPrecision(15)));
}
