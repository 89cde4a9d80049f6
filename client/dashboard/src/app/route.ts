// The address of a view lies behind the #, so that no server logs it: #/experiments/7/runs?filter=…

export interface Route {
  /** The parts of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const parts = path.split("/").filter((part) => part !== "");
  return { path: parts.map(decoded), query: new URLSearchParams(query) };
}

export function formatRoute(path: readonly string[], query?: URLSearchParams): string {
  const text = readable(query?.toString() ?? "");
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** A query without the codes of signs that may stand behind a # as they are. */
function readable(query: string): string {
  return query.replace(/%(2F|2C|3A|3B|40|21|24|28|29|3D|7E|3F)/g, decodeURIComponent);
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
