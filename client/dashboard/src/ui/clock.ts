// The time, as a signal that ticks while somebody looks.

import { signal } from "@preact/signals";

const TICK_MS = 5_000;

export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === "visible") now.value = Date.now();
}, TICK_MS);
