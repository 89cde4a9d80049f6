// A run in a drawing: a link to it. By the keyboard runs are reached in the table; hundreds of marks are no stops.

import type { ComponentChildren } from "preact";

export function Mark({ href, title, children }: { href: string; title: string; children: ComponentChildren }) {
  return (
    <a href={href} tabIndex={-1}>
      <title>{title}</title>
      {children}
    </a>
  );
}
