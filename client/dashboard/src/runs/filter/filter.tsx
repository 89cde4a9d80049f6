// The filter in MLflow's language, with what can come next, and what the server says is wrong with it.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/failures";
import { Scroll } from "../../ui/scroll";
import { type Completion, completed, completion, type Known, type Option } from "./completion";

interface Props {
  readonly filter: string;
  readonly known: Known;
  /** Why the server refused the filter, if it did. */
  readonly failure: unknown;
  readonly onFilter: (filter: string) => void;
}

const NOTHING: Completion = { from: 0, to: 0, options: [] };

export function Filter({ filter, known, failure, onFilter }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const [offer, setOffer] = useState(NOTHING);
  const [chosen, setChosen] = useState(-1);
  const id = useId();
  useEffect(() => setText(filter), [filter]);

  const close = () => setOffer(NOTHING);
  const look = () => {
    const at = input.current;
    if (!at) return;
    setOffer(completion(at.value, at.selectionStart ?? at.value.length, known));
    setChosen(-1);
  };
  const take = (option: Option) => {
    const at = input.current;
    if (!at) return;
    const after = completed(at.value, offer, option);
    at.value = after.text;
    at.setSelectionRange(after.caret, after.caret);
    at.focus();
    setText(after.text);
    look();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const option = offer.options[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (offer.options.length === 0) look();
      else setChosen(stepped(chosen, event.key === "ArrowDown" ? 1 : -1, offer.options.length));
    } else if (event.key === "Enter" && option) take(option);
    else if (event.key === "Tab" && offer.options[Math.max(chosen, 0)] && text)
      take(offer.options[Math.max(chosen, 0)] as Option);
    else if (event.key === "Enter") {
      close();
      onFilter(text.trim());
    } else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  const isOpen = offer.options.length > 0;
  return (
    <div class="filter">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={isRefused(failure)}
        placeholder="Filter, such as metrics.loss < 0.5 AND params.optimizer = 'adam'"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          look();
        }}
        onClick={look}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {text !== filter && <span class="hint">Enter applies</span>}
      {filter && text === filter && (
        <button type="button" class="plain" aria-label="Clear the filter" onClick={() => onFilter("")}>
          ✕
        </button>
      )}
      {isOpen && <Options id={id} options={offer.options} chosen={chosen} onTake={take} />}
      {isRefused(failure) && (
        <Scroll label="What is wrong with the filter">
          <pre class="failure" role="alert">
            {(failure as ApiError).message}
          </pre>
        </Scroll>
      )}
    </div>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly options: readonly Option[];
  readonly chosen: number;
  readonly onTake: (option: Option) => void;
}

function Options({ id, options, chosen, onTake }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [chosen]);
  return (
    <div ref={list} id={id} class="menu options" role="listbox" aria-label="What can come next">
      {options.map((option, at) => (
        <div
          key={option.text}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(option);
          }}
        >
          <code>{option.text}</code>
          <span class="quiet">{option.hint}</span>
        </div>
      ))}
    </div>
  );
}

/** Whether the server found fault with the question, rather than failing. */
export function isRefused(failure: unknown): boolean {
  return failure instanceof ApiError && failure.status === 400;
}

function stepped(at: number, by: number, count: number): number {
  const next = at + by;
  if (next < -1) return count - 1;
  return next >= count ? -1 : next;
}
