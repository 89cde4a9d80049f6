import { replaceQuery, route } from "../app/location";

/** Set or take away parts of this view's query. */
export function change(parts: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(route.peek().query);
  for (const [name, value] of Object.entries(parts)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  replaceQuery(query);
}
