// A menu beside what opened it. Arrows move in it; Escape, Tab or a click elsewhere close it.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface MenuItem {
  readonly title: string;
  readonly isChosen?: boolean;
  readonly isDisabled?: boolean;
  readonly hint?: string | undefined;
  readonly onChoose: () => void;
}

interface Props {
  readonly label: string;
  readonly anchor: DOMRect;
  /** Items in groups, with a line between them. */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly onClose: () => void;
}

const MARGIN = 8;

export function Menu({ label, anchor, groups, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (menu.current) place(menu.current, anchor);
  }, [anchor]);
  useFocus(menu);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp")
      step(menu.current, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div class="behind" onPointerDown={onClose} />
      <div ref={menu} class="menu" role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
        {groups
          .filter((items) => items.length > 0)
          .map((items) => (
            <div key={items[0]?.title} role="group">
              {items.map((item) => (
                <Item key={item.title} item={item} onClose={onClose} />
              ))}
            </div>
          ))}
      </div>
    </>
  );
}

function Item({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  const choose = () => {
    onClose();
    item.onChoose();
  };
  const role = item.isChosen === undefined ? { role: "menuitem" as const } : chosen(item.isChosen);
  return (
    <button type="button" {...role} tabIndex={-1} disabled={item.isDisabled} title={item.hint} onClick={choose}>
      <span class="mark" aria-hidden="true">
        {item.isChosen ? "✓" : ""}
      </span>
      {item.title}
    </button>
  );
}

function chosen(isChosen: boolean) {
  return { role: "menuitemradio" as const, "aria-checked": isChosen };
}

/** The focus is in the menu while it is open, and then where it was. */
function useFocus(menu: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    menu.current?.querySelector<HTMLElement>("button:enabled")?.focus();
    return () => {
      if (before instanceof HTMLElement && (document.activeElement === document.body || !document.activeElement)) {
        before.focus();
      }
    };
  }, []);
}

function step(menu: HTMLElement | null, by: number): void {
  const items = [...(menu?.querySelectorAll<HTMLElement>("button:enabled") ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + by + items.length) % items.length]?.focus();
}

function place(menu: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth, offsetHeight } = menu;
  const left = Math.min(anchor.left, innerWidth - offsetWidth - MARGIN);
  const below = anchor.bottom + 2;
  const top = below + offsetHeight + MARGIN > innerHeight ? Math.max(anchor.top - offsetHeight - 2, MARGIN) : below;
  menu.style.left = `${Math.max(left, MARGIN)}px`;
  menu.style.top = `${top}px`;
}
