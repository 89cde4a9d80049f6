// Curves that are kept up to date while runs run and somebody looks.

import { useEffect } from "preact/hooks";
import type { SeriesStore } from "./data/store";

/** Ask again every so often while runs run, once more when they have ended, and no more when the page is left. */
export function useRefreshing(store: SeriesStore, isLive: boolean, everyMs: number): void {
  useEffect(() => () => store.stop(), [store]);
  useEffect(() => {
    if (!isLive) {
      // The last points of a run that has just ended.
      void store.refresh();
      return;
    }
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void store.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [store, isLive]);
}
