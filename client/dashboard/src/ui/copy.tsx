// A button that copies a text.

import { useState } from "preact/hooks";

const SAID_MS = 1_500;

export function Copy({ text, label = "Copy" }: { text: string; label?: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("The browser does not allow it");
    }
    setTimeout(() => setSaid(""), SAID_MS);
  };
  return (
    <button type="button" class="plain small copy" onClick={copy} aria-live="polite">
      {said || label}
    </button>
  );
}
