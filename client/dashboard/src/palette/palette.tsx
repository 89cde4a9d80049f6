// Ctrl-K or ⌘K: some letters lead to anything.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { told } from "../api/failures";
import { Resource } from "../api/resource";
import { isPaletteOpen } from "../ui/calls";
import { asked, type Command, standing } from "./commands";
import { ranked } from "./ranking";

const MOST_SHOWN = 12;
// Letters that follow each other faster are one question.
const PAUSE_MS = 120;

/** The palette, while it is called for. */
export function Palette() {
  useEffect(() => {
    const call = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      isPaletteOpen.value = true;
    };
    addEventListener("keydown", call);
    return () => removeEventListener("keydown", call);
  }, []);
  return isPaletteOpen.value ? <Open onClose={() => (isPaletteOpen.value = false)} /> : null;
}

function Open({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const text = useSignal("");
  const chosen = useSignal(0);
  const failure = useSignal("");
  const found = useMemo(() => new Resource<Command[]>(), []);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const pause = setTimeout(() => void found.ask((abort) => asked(text.value, abort)), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [text.value, found]);

  const shown = [...(found.state.value.answer ?? []), ...ranked(text.value, standing())].slice(0, MOST_SHOWN);
  const at = Math.min(chosen.value, shown.length - 1);
  const act = async (command: Command | undefined) => {
    if (!command) return;
    try {
      await command.run();
      onClose();
    } catch (error) {
      failure.value = told(error);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen.value = (at + step + shown.length) % Math.max(shown.length, 1);
    else if (event.key === "Enter") void act(shown[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="palette" aria-label="Go to" onClose={onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={shown.length ? `palette-${at}` : undefined}
        aria-label="Go to an experiment, a run by its id, or a page"
        placeholder="An experiment, the id of a run, a page"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      {failure.value && (
        <p class="failure" role="alert">
          {failure.value}
        </p>
      )}
      <div id="palette-list" role="listbox" aria-label="Found">
        {shown.map((command, number) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          <div
            key={`${command.hint} ${command.title}`}
            id={`palette-${number}`}
            role="option"
            tabIndex={-1}
            aria-selected={number === at}
            onClick={() => void act(command)}
          >
            {command.title} <span class="hint">{command.hint}</span>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p class="hint">Nothing of this name.</p>}
    </dialog>
  );
}
