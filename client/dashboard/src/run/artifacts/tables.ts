// Files that hold a table, read as rows of text: CSV, and the JSON of log_table.

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are in all, where that is known. */
  readonly total: number | undefined;
}

export const MOST_ROWS = 200;
export const MOST_COLUMNS = 100;
const MOST_TEXT = 500;

/** The first rows of CSV or TSV. `isCut`: the text ends anywhere, so its last row is left out. */
export function readCsv(text: string, separator: string, isCut: boolean): Table {
  const rows = parsed(text.startsWith("\uFEFF") ? text.slice(1) : text, separator);
  if (isCut) rows.pop();
  const [columns = [], ...rest] = rows;
  return table(columns, rest, isCut || rest.length > MOST_ROWS ? undefined : rest.length);
}

/** The table that log_table wrote; undefined if the JSON is another. */
export function readLogged(json: unknown): Table | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { columns, data } = json as { columns?: unknown; data?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return undefined;
  return table(columns.map(cell), data as unknown[][], data.length);
}

export function table(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  total: number | undefined,
): Table {
  return {
    columns: columns.slice(0, MOST_COLUMNS).map(cell),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.slice(0, MOST_COLUMNS).map(cell)),
    total,
  };
}

/** Whether every value of a column is a number, so that it is set to the right. */
export function isNumeric({ rows }: Table, column: number): boolean {
  return rows.length > 0 && rows.every((row) => row[column] === "" || !Number.isNaN(Number(row[column])));
}

export function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace(".000Z", "");
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = typeof value === "object" ? json(value) : String(value);
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

function json(value: object): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? Number(each) : each));
}

/** Rows as RFC 4180 has them: quotes hold separators, newlines, and quotes that are written twice. */
function parsed(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length <= MOST_ROWS + 1) {
    const [value, next] = text[at] === '"' ? quoted(text, at + 1) : bare(text, at, separator);
    row.push(value);
    at = next;
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    rows.push(row);
    row = [];
  }
  if (row.length) rows.push(row);
  return rows;
}

function quoted(text: string, start: number): [string, number] {
  let value = "";
  let at = start;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return [value + text.slice(at), text.length];
    value += text.slice(at, end);
    if (text[end + 1] !== '"') return [value, end + 1];
    value += '"';
    at = end + 2;
  }
}

function bare(text: string, start: number, separator: string): [string, number] {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return [text.slice(start, at), at];
}
