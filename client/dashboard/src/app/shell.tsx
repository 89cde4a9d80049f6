// What is around every page: where one is, who one is, and whether the server answers.

import type { ComponentChildren } from "preact";
import { signOut, token } from "../api/token";
import { isReachable } from "../api/transport";
import { me } from "../session/me";
import { isPaletteOpen } from "../ui/calls";
import { formatRoute } from "./route";

const PLACES: readonly (readonly [string, string])[] = [["experiments", "Experiments"]];
const KEYS = navigator.userAgent.includes("Mac") ? "⌘K" : "Ctrl K";
// A stack that is open asks nobody for a token.
const PLACES_OF_USERS: typeof PLACES = [...PLACES, ["tokens", "Tokens"]];

export function Shell({ place, children }: { place: string; children: ComponentChildren }) {
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          <img src="icon.svg" alt="" width="22" height="22" />
          Cumulog
        </a>
        <nav aria-label="Pages">
          {(me.value?.username ? PLACES_OF_USERS : PLACES).map(([path, title]) => (
            <a key={path} href={formatRoute([path])} aria-current={place === path ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <button type="button" class="call" onClick={() => (isPaletteOpen.value = true)}>
          Go to … <kbd>{KEYS}</kbd>
        </button>
        <Who />
      </header>
      {!isReachable.value && (
        <p class="away" role="status">
          The server does not answer. What you see is what it said last.
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function Who() {
  const name = me.value?.username;
  if (!name) return null;
  return (
    <div class="who">
      <span title="Who you are">{name}</span>
      {token.value && (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      )}
    </div>
  );
}
