// The user of this page, once it is known.

import { signal } from "@preact/signals";
import type { Me } from "../api/access";

export const me = signal<Me | undefined>(undefined);
