// What a page says instead of its content: that it is empty, or why it failed, and what to do.

import type { ComponentChildren } from "preact";
import { ApiError, told, Unreachable } from "../api/failures";
import { Scroll } from "./scroll";

export function Notice({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <section class="notice">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Why there is no content. `again` asks once more. */
export function Failure({ failure, again }: { failure: unknown; again: () => void }) {
  return (
    <div role="alert">
      <Notice title={titleOf(failure)}>
        <p>{told(failure)}</p>
        <p>
          <button type="button" onClick={again}>
            Try again
          </button>
        </p>
      </Notice>
    </div>
  );
}

/** Why a part of the page has no content. */
export function FailureLine({ failure, again }: { failure: unknown; again: () => void }) {
  return (
    <p class="failure" role="alert">
      {told(failure)}{" "}
      <button type="button" onClick={again}>
        Try again
      </button>
    </p>
  );
}

function titleOf(failure: unknown): string {
  if (failure instanceof Unreachable) return "The server is away";
  if (!(failure instanceof ApiError)) return "This page has a fault";
  if (failure.status === 403) return "You may not see this";
  if (failure.status === 404) return "There is no such thing";
  return "The server refused this";
}

/** Three lines to type where there is nothing to look at yet. */
export function Snippet({ lines }: { lines: readonly string[] }) {
  return (
    <Scroll label="Lines to type">
      <pre class="snippet">{lines.join("\n")}</pre>
    </Scroll>
  );
}
