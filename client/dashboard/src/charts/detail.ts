// More of the points where one has zoomed in: asked for when the range rests, kept up to date while the run runs.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Curve } from "../api/curves";
import type { LiveCurves } from "./data/live";
import type { LineChartProps } from "./line-chart";
import type { Range } from "./shape/view";

const REST_MS = 150;
const AGAIN_MS = 3_000;

interface Detail {
  readonly range: Range;
  readonly parts: readonly LiveCurves[];
}

/** The curves of the range, once they are there; undefined where those of all must do. */
export function useDetail(
  { detail, isLive }: Pick<LineChartProps, "detail" | "isLive">,
  range: Range | undefined,
): ReadonlyMap<string, Curve> | undefined {
  const [got, setGot] = useState<Detail | undefined>(undefined);
  const kept = useRef<{ of: unknown[]; curves: ReadonlyMap<string, Curve> } | undefined>(undefined);
  useEffect(() => {
    if (!range || !detail) {
      setGot(undefined);
      return;
    }
    const parts = detail(range);
    const ask = async () => {
      for (const part of parts) await part.ask();
    };
    const rest = setTimeout(() => void ask().then(() => setGot({ range, parts })), REST_MS);
    const again = setInterval(() => {
      if (isLive && document.visibilityState === "visible") void ask();
    }, AGAIN_MS);
    return () => {
      clearTimeout(rest);
      clearInterval(again);
      for (const part of parts) part.stop();
    };
  }, [range?.from, range?.to, detail, isLive]);

  const isOfUse = got && range && got.range.from <= range.from && got.range.to >= range.to;
  if (!isOfUse) return undefined;
  const states = got.parts.map(({ state }) => state.value);
  if (!states.every(({ isAnswered }) => isAnswered)) return undefined;
  const maps = states.flatMap(({ curves }) => [...curves.values()]);
  if (!kept.current || kept.current.of.length !== maps.length || maps.some((map, at) => kept.current?.of[at] !== map)) {
    kept.current = { of: maps, curves: new Map(maps.flatMap((map) => [...map])) };
  }
  return kept.current.curves;
}
