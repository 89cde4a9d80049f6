// One metric: a small chart among others, or a large one alone.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Run } from "../../api/run";
import { changeQuery } from "../../app/location";
import type { SeriesStore, Shown } from "../../charts/data/store";
import { byRun } from "../../charts/labelling";
import { LineChart } from "../../charts/line-chart";
import type { Range } from "../../charts/shape/view";
import { number } from "../../ui/format";
import { FailureLine } from "../../ui/notice";
import { Bar } from "./bar";
import { type Options, writeRange } from "./options";

const SMALL = 190;
const LARGE = 460;
// Charts are asked for a little before they come into view.
const MARGIN = "300px";

interface Props {
  readonly run: Run;
  readonly store: SeriesStore;
  readonly options: Options;
  readonly metric: string;
  readonly isLive: boolean;
}

export function Card(props: Props & { last: number | undefined }) {
  const { store, metric, last, options } = props;
  const [range, setRange] = useState<Range | undefined>(undefined);
  const place = useRef<HTMLElement>(null);
  const isSeen = useSeen(place);
  useEffect(() => setRange(undefined), [options.axis, options.looks.isLogX]);
  useEffect(() => (isSeen ? store.look(metric) : undefined), [store, metric, isSeen]);
  return (
    <section ref={place} class="chart-card">
      <h3>
        <button
          type="button"
          class="plain"
          title={`Show ${metric} alone`}
          onClick={() => changeQuery({ chart: metric })}
        >
          {metric}
        </button>
        <span class="hint">{last === undefined ? "" : number(last)}</span>
      </h3>
      {isSeen ? <Chart {...props} height={SMALL} range={range} onRange={setRange} /> : <Space height={SMALL} />}
    </section>
  );
}

/** A metric alone. What is seen of it lies in the address. */
export function Alone(props: Props) {
  const { store, metric, options } = props;
  useEffect(() => store.look(metric), [store, metric]);
  const onRange = useCallback((range: Range | undefined) => changeQuery(writeRange(range)), []);
  return (
    <>
      <Bar options={options} />
      <section class="chart-card">
        <h3>
          <button type="button" class="plain" onClick={() => changeQuery({ chart: "", from: "", to: "" })}>
            ← All charts
          </button>
          {metric}
        </h3>
        <Chart {...props} height={LARGE} range={options.range} onRange={onRange} isFine />
      </section>
    </>
  );
}

interface ChartProps extends Props {
  readonly height: number;
  readonly range: Range | undefined;
  readonly onRange: (range: Range | undefined) => void;
  readonly isFine?: boolean;
}

function Chart({ run, store, options, metric, isLive, height, range, onRange, isFine = false }: ChartProps) {
  const shown = store.shown(metric);
  const name = run.info.run_name || run.info.run_id;
  const labelled = useMemo(() => byRun([{ run: run.info.run_id, label: name }]), [run.info.run_id, name]);
  const detail = useCallback((seen: Range) => store.zoomed(metric, seen.from, seen.to), [store, metric]);
  if (shown.failure && !shown.curves.size) return <FailureLine failure={shown.failure} again={() => store.refresh()} />;
  if (!shown.isAnswered) return <Space height={height} />;
  return (
    <>
      <LineChart
        title={metric}
        axis={options.axis}
        looks={options.looks}
        curves={shown.curves}
        {...{ height, labelled, range, onRange, detail, isLive, isFine }}
      />
      {options.axis === "step" && isOneStep(shown) && (
        <p class="hint">
          All points have the same step.{" "}
          <button type="button" class="plain small" onClick={() => changeQuery({ x: "relative" })}>
            Show them by time
          </button>
        </p>
      )}
    </>
  );
}

function isOneStep({ curves }: Shown): boolean {
  const [curve] = curves.values();
  return curve !== undefined && curve.start.length > 1 && curve.start[0] === curve.end.at(-1);
}

function Space({ height }: { height: number }) {
  return <div style={{ height: `${height}px` }} aria-busy="true" />;
}

/** Whether a place is, or was about to be, in view. */
function useSeen(place: { current: HTMLElement | null }): boolean {
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(([entry]) => setIsSeen(entry?.isIntersecting ?? false), {
      rootMargin: MARGIN,
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return isSeen;
}
