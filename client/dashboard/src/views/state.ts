// What a saved view holds: the query of the address, as it was.

/** The form of the state. A page that knows only lower numbers must not read a view of a higher one. */
export const FORMAT = 1;

// What an address has beside the view itself: which view it is.
const VIEW = "saved";
// And what a link shares, while a view is for everyone and leaves it to each reader.
export const OPEN = "open";
export const SELECTED = "selected";
const OTHERS = [VIEW, OPEN, SELECTED];

export function stateOf(query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  for (const name of OTHERS) kept.delete(name);
  return JSON.stringify({ query: kept.toString() });
}

/** A view whose state is none. */
export class Damaged extends Error {
  constructor() {
    super("This view is damaged. Delete it, or save what you see in its place.");
  }
}

/** The query of a view, with its id in it. Throws an Error that says why if it cannot be read. */
export function queryOf(view: {
  readonly view_id: string;
  readonly state: string;
  readonly format: number;
}): URLSearchParams {
  if (view.format > FORMAT)
    throw new Error("This view was saved by a newer version of this page. Reload the page to get it.");
  const query = writtenQuery(view.state);
  if (query === undefined) throw new Damaged();
  const found = new URLSearchParams(query);
  found.set(VIEW, view.view_id);
  return found;
}

/** The query of a view that was just saved as it is seen. */
export function namedBy(viewId: string, query: URLSearchParams): URLSearchParams {
  const found = new URLSearchParams(query);
  found.set(VIEW, viewId);
  return found;
}

function writtenQuery(text: string): string | undefined {
  try {
    const state: unknown = JSON.parse(text);
    const query = typeof state === "object" && state !== null && "query" in state ? state.query : undefined;
    return typeof query === "string" ? query : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the view that an address came from; empty if it came from none. */
export function viewIdIn(query: URLSearchParams): string {
  return query.get(VIEW) ?? "";
}

/** A query with what the one before has beside the view: changing what is seen leaves neither the view nor the selection. */
export function withOthersOf(before: URLSearchParams, query: URLSearchParams): URLSearchParams {
  for (const name of OTHERS) {
    const value = before.get(name);
    if (value) query.set(name, value);
  }
  return query;
}
