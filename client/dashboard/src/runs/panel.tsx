// Choosing columns: those that are shown, in their order, and all that the runs offer.

import { useState } from "preact/hooks";
import type { ColumnNames } from "../api/columns";
import { columnOf, type Kind, offered } from "./columns/column";
import { added, hidden, nudged, put } from "./columns/shown";
import type { Shown } from "./view";

interface Props {
  readonly shown: readonly Shown[];
  readonly names: ColumnNames | undefined;
  readonly onChange: (shown: readonly Shown[]) => void;
  readonly onReset: () => void;
  readonly onClose: () => void;
}

const MOST = 100;
const KINDS: readonly (readonly [Kind, string])[] = [
  ["attribute", "Attributes"],
  ["metric", "Metrics"],
  ["param", "Params"],
  ["tag", "Tags"],
];

export function ColumnsPanel({ shown, names, onChange, onReset, onClose }: Props) {
  const [sought, setSought] = useState("");
  const all = names && offered(names);
  const isShown = new Set(shown.map(({ id }) => id));
  const toggle = (id: string) => onChange(isShown.has(id) ? hidden(shown, id) : added(shown, id));
  return (
    <aside class="columns-panel" aria-label="Columns" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div class="heading">
        <h2>Columns</h2>
        <button type="button" class="plain" onClick={onReset}>
          Reset
        </button>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </div>
      <input
        type="search"
        placeholder="Search columns"
        aria-label="Search columns"
        value={sought}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      <div class="lists">
        {!sought && <Chosen shown={shown} onChange={onChange} />}
        {all &&
          KINDS.map(([kind, title]) => (
            <Group
              key={kind}
              title={title}
              entries={all[kind].filter(({ id }) => matches(id, sought))}
              isShown={isShown}
              onToggle={toggle}
            />
          ))}
        {names?.is_sample && <p class="hint">Names and counts are of the last {names.runs} runs.</p>}
      </div>
    </aside>
  );
}

function Chosen({ shown, onChange }: Pick<Props, "shown" | "onChange">) {
  const [dragged, setDragged] = useState("");
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    if (event.key === "Delete") onChange(hidden(shown, id));
    else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      onChange(nudged(shown, id, event.key === "ArrowUp" ? -1 : 1));
    } else return;
    event.preventDefault();
  };
  return (
    <fieldset>
      <legend>
        Shown <span class="quiet">{shown.length}</span>
      </legend>
      <p class="hint">Drag, or Alt with ↑ and ↓, to order. Delete hides.</p>
      <ul>
        {shown.map(({ id, isPinned }) => (
          <li
            key={id}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by the keyboard.
            tabIndex={0}
            draggable
            class={dragged === id ? "dragged" : ""}
            onKeyDown={(event) => onKeyDown(event, id)}
            onDragStart={() => setDragged(id)}
            onDragEnd={() => setDragged("")}
            onDragOver={(event) => {
              event.preventDefault();
              if (dragged && dragged !== id) onChange(past(shown, dragged, id));
            }}
          >
            <span class="name" title={id}>
              {columnOf(id)?.title}
            </span>
            {isPinned && <span class="quiet">pinned</span>}
            <button
              type="button"
              class="plain"
              tabIndex={-1}
              aria-label={`Hide ${columnOf(id)?.title}`}
              onClick={() => onChange(hidden(shown, id))}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** The dragged column in the place of the one that it is over. */
function past(shown: readonly Shown[], dragged: string, over: string): readonly Shown[] {
  const from = shown.findIndex(({ id }) => id === dragged);
  const to = shown.findIndex(({ id }) => id === over);
  return put(shown, dragged, from < to ? shown[to + 1]?.id : over);
}

interface GroupProps {
  readonly title: string;
  readonly entries: readonly { readonly id: string; readonly runs: number }[];
  readonly isShown: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function Group({ title, entries, isShown, onToggle }: GroupProps) {
  if (entries.length === 0) return null;
  return (
    <fieldset>
      <legend>
        {title} <span class="quiet">{entries.length}</span>
      </legend>
      {entries.slice(0, MOST).map(({ id, runs }) => (
        <label key={id} class="check">
          <input type="checkbox" checked={isShown.has(id)} onChange={() => onToggle(id)} />
          <span class="name" title={id}>
            {columnOf(id)?.title ?? id}
          </span>
          <span class="quiet">{runs}</span>
        </label>
      ))}
      {entries.length > MOST && <p class="hint">{entries.length - MOST} more: search for them.</p>}
    </fieldset>
  );
}

function matches(id: string, sought: string): boolean {
  return `${columnOf(id)?.title ?? ""} ${id}`.toLowerCase().includes(sought.trim().toLowerCase());
}
