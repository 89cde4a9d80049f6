// A question in front of the page. The browser keeps the focus inside, and Escape closes it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { told } from "../api/failures";

interface Props {
  readonly title: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Does what was asked; the dialog stays open and says why if it fails. */
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, action, isDangerous, onAct, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const act = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setFailure(told(error));
      setIsBusy(false);
    }
  };

  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="dialog-title">
      <form onSubmit={act}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        {failure && (
          <p class="failure" role="alert">
            {failure}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? "danger" : "primary"} disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
