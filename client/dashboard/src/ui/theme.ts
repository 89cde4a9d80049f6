// Light, dark, or as the system has it. The choice outlives the tab.

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const PLACE = "cumulog.theme";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export const theme = signal<Theme>(kept());

export function setTheme(wanted: Theme): void {
  localStorage.setItem(PLACE, wanted);
  theme.value = wanted;
}

theme.subscribe((now) => {
  document.documentElement.dataset.theme = now;
});

function kept(): Theme {
  const text = localStorage.getItem(PLACE);
  return THEMES.find((each) => each === text) ?? "system";
}
