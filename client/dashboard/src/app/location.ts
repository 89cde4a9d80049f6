// Where the page is, as a signal, and how it goes elsewhere.

import { signal } from "@preact/signals";
import { formatRoute, parseRoute } from "./route";

export const route = signal(parseRoute(location.hash));

addEventListener("hashchange", () => {
  route.value = parseRoute(location.hash);
});

/** Go to another view, as a link does. */
export function go(path: readonly string[], query?: URLSearchParams): void {
  location.hash = formatRoute(path, query);
}

/** Go to another view in place of this one, which leaves the history. */
export function replace(path: readonly string[], query?: URLSearchParams): void {
  const hash = formatRoute(path, query);
  history.replaceState(null, "", hash);
  route.value = parseRoute(hash);
}

/** Change the query of this view without a step in the history. */
export function replaceQuery(query: URLSearchParams): void {
  const { path } = route.peek();
  if (formatRoute(path, query) !== location.hash) replace(path, query);
}

/** Set parts of this view's query, or take them out of the address where they are empty. */
export function changeQuery(parts: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(route.peek().query);
  for (const [name, value] of Object.entries(parts)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  replaceQuery(query);
}

/** The same for one choice. */
export function chooseInQuery(name: string, value: string): void {
  changeQuery({ [name]: value });
}
