// What is called for from several places, and shown in one.

import { signal } from "@preact/signals";

/** Whether the palette is open, which leads to anything by some letters. */
export const isPaletteOpen = signal(false);
