// What a saved view holds: the query of the address, as it was.

/** The form of the state. A page that knows only lower numbers must not read a view of a higher one. */
export const FORMAT = 1;

// What an address has beside the view itself: which view it is.
const VIEW = "saved";

export function stateOf(query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  kept.delete(VIEW);
  return JSON.stringify({ query: kept.toString() });
}

/** The query of a view, with its id in it. Throws an Error that says why if it cannot be read. */
export function queryOf(view: {
  readonly view_id: string;
  readonly state: string;
  readonly format: number;
}): URLSearchParams {
  if (view.format > FORMAT)
    throw new Error("This view was saved by a newer version of this page. Reload the page to get it.");
  const state: unknown = JSON.parse(view.state);
  const query = typeof state === "object" && state !== null && "query" in state ? state.query : undefined;
  if (typeof query !== "string") throw new Error("This view is damaged: it has no query.");
  const found = new URLSearchParams(query);
  found.set(VIEW, view.view_id);
  return found;
}

/** The id of the view that an address came from; empty if it came from none. */
export function viewIdIn(query: URLSearchParams): string {
  return query.get(VIEW) ?? "";
}

/** A query with the view in it that another one came from: changing what is seen does not leave the view. */
export function withViewOf(before: URLSearchParams, query: URLSearchParams): URLSearchParams {
  const id = viewIdIn(before);
  if (id) query.set(VIEW, id);
  return query;
}
