// What can come next in a filter, given what is before the caret.

import type { ColumnNames } from "../../api/columns";
import { filterName, type Kind } from "../columns/column";
import { type Word, words } from "./words";

export interface Option {
  readonly text: string;
  readonly hint: string;
}

export interface Completion {
  /** The part of the filter that an option replaces. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Option[];
}

/** What is known of the runs. */
export interface Known {
  readonly names: ColumnNames | undefined;
  /** Some values of a param, tag or attribute, by the server's name of its column. */
  readonly valuesOf: (name: string) => readonly string[];
}

const MOST = 50;
const ATTRIBUTES = ["run_name", "status", "start_time", "end_time", "user_id", "run_id", "artifact_uri"];
const TIMES = ["start_time", "end_time"];
const STATUSES = ["RUNNING", "FINISHED", "FAILED", "KILLED", "SCHEDULED"];
const NUMERIC = ["<", "<=", ">", ">=", "=", "!="];
const TEXTUAL = ["=", "!=", "LIKE", "ILIKE"];
const NULLABLE = ["IS NULL", "IS NOT NULL"];

export function completion(filter: string, caret: number, known: Known): Completion {
  const before = words(filter.slice(0, caret));
  const last = before.at(-1);
  const isTouching = last !== undefined && last.to === caret && last.text !== "";
  const typed = isTouching ? last : undefined;
  const done = isTouching ? before.slice(0, -1) : before;
  const [from, prefix] = typed ? [typed.from, typed.text] : [caret, ""];
  // An operator is finished when it is typed: its value is next.
  if (typed?.kind === "operator") return { from: caret, to: caret, options: next(before, "", known) };
  return { from, to: caret, options: next(done, prefix, known) };
}

/** The filter with an option taken, and where the caret is then. */
export function completed(filter: string, { from, to }: Completion, option: Option): { text: string; caret: number } {
  const rest = filter.slice(to).replace(/^\s+/, "");
  const begin = filter.slice(0, from);
  const gap = begin && !/[\s(]$/.test(begin) ? " " : "";
  const head = `${begin}${gap}${option.text} `;
  return { text: head + rest, caret: head.length };
}

function next(done: readonly Word[], typed: string, known: Known): readonly Option[] {
  const last = done.at(-1);
  if (!last || last.kind === "and") return names(typed, known);
  if (last.kind === "name") return matching(operators(last.text), typed);
  if (last.kind === "operator" && !/NULL$/i.test(last.text)) return values(done.at(-2)?.text ?? "", typed, known);
  return matching([{ text: "AND", hint: "" }], typed);
}

function names(typed: string, { names: found }: Known): readonly Option[] {
  const counted = (kind: Kind, list: readonly { key: string; runs: number }[] = []): readonly Option[] =>
    list.map(({ key, runs }) => ({ text: filterName(kind, key), hint: `${runs} ${runs === 1 ? "run" : "runs"}` }));
  const all = [
    ...ATTRIBUTES.map((key) => ({ text: `attributes.${key}`, hint: "" })),
    ...counted("metric", found?.metrics),
    ...counted("param", found?.params),
    ...counted("tag", found?.tags),
  ];
  return matching(all, typed);
}

function operators(name: string): readonly Option[] {
  const [prefix = "", key = ""] = split(name);
  const isNumeric = prefix.startsWith("metric") || (isAttribute(prefix) && TIMES.includes(key));
  if (isNumeric) return NUMERIC.map((text) => ({ text, hint: "" }));
  const more = isAttribute(prefix) ? (key === "run_id" ? ["IN", "NOT IN"] : []) : NULLABLE;
  return [...TEXTUAL, ...more].map((text) => ({ text, hint: hintOf(text) }));
}

function hintOf(operator: string): string {
  return { LIKE: "% is any text", ILIKE: "LIKE, in any case" }[operator] ?? "";
}

function values(name: string, typed: string, { valuesOf }: Known): readonly Option[] {
  const [prefix = "", key = ""] = split(name);
  if (prefix.startsWith("metric")) return [];
  const place = isAttribute(prefix) ? `attributes.${key}` : `${prefix.replace(/s$/, "")}s.${key}`;
  const found = place === "attributes.status" ? STATUSES : valuesOf(place);
  // A text has no way to write its own quote: MLflow's language has none.
  const quoted = found.flatMap((value) => {
    const quote = ["'", '"'].find((sign) => !value.includes(sign));
    return quote ? [{ text: `${quote}${value}${quote}`, hint: "" }] : [];
  });
  return matching(quoted, typed.replace(/^["']/, ""));
}

/** The options with the typed text in them, those that begin with it first. */
function matching(options: readonly Option[], typed: string): readonly Option[] {
  const sought = plain(typed);
  const found = options.filter(({ text }) => plain(text).includes(sought) && text !== typed);
  const ranked = found.map((option) => ({ option, rank: rankOf(plain(option.text), sought) }));
  ranked.sort((one, other) => one.rank - other.rank);
  return ranked.slice(0, MOST).map(({ option }) => option);
}

function rankOf(text: string, sought: string): number {
  if (text.startsWith(sought)) return 0;
  return text.slice(text.indexOf(".") + 1).startsWith(sought) ? 1 : 2;
}

function plain(text: string): string {
  return text.replace(/[`'"]/g, "").toLowerCase();
}

function split(name: string): readonly [string, string] {
  const at = name.indexOf(".");
  const [prefix, key] = at < 0 ? ["attributes", name] : [name.slice(0, at), name.slice(at + 1)];
  return [prefix.toLowerCase(), key.replace(/^`|`$/g, "")];
}

function isAttribute(prefix: string): boolean {
  return ["attribute", "attributes", "attr", "run"].includes(prefix);
}
