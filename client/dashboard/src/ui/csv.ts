// The table as CSV, for spreadsheets.

export type Field = string | number | null;

// What a spreadsheet would take for a formula.
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** Lines of fields, as RFC 4180 has them. A text that a spreadsheet could run as a formula begins with an apostrophe. */
export function csv(rows: Iterable<readonly Field[]>): string {
  let text = "";
  for (const row of rows) text += `${row.map(written).join(",")}\r\n`;
  return text;
}

function written(field: Field): string {
  if (field === null) return "";
  if (typeof field === "number") return String(field);
  const safe = FORMULA.test(field) && !PLAIN_NUMBER.test(field) ? `'${field}` : field;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
