// The curves of the compared runs over each other: a line a run, or a line and a band for each group of runs.

import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Cell } from "../api/columns";
import { told } from "../api/failures";
import { askSeries } from "../api/series";
import { chooseInQuery, route } from "../app/location";
import { SeriesStore } from "../charts/data/store";
import { byGroup, byRun, type Labelling } from "../charts/labelling";
import { LineChart } from "../charts/line-chart";
import { useRefreshing } from "../charts/refreshing";
import type { Range } from "../charts/shape/view";
import { Bar } from "../run/charts/bar";
import { type Options, readOptions } from "../run/charts/options";
import { Notice } from "../ui/notice";
import { FieldChoice } from "./choices";
import { differs, type Field, ordered, shares } from "./data/fields";
import type { Compared } from "./data/table";

const POINTS = 256;
const MANY = 100;
const AGAIN_MS = 5_000;
const MOST_AT_FIRST = 6;
const MORE = 12;
const HEIGHT = 260;
const NONE = "none";

export function Curves({ compared }: { compared: Compared }) {
  const options = readOptions(route.value.query);
  const groups = ordered(compared.fields.filter(differs)).filter(({ kind }) => kind === "params" || kind === "tags");
  const wanted = route.value.query.get("by");
  const by = groups.find(({ column }) => column === wanted);
  const labels = useMemo(() => labelling(compared, by), [compared, by]);
  const store = useStore(compared, options);
  const most = useSignal(MOST_AT_FIRST);
  const fields = ordered(compared.fields);
  const metrics = fields.filter(({ kind }) => kind === "metrics").map(({ key }) => key);
  const shown = metrics.filter((key) => key.toLowerCase().includes(options.search.toLowerCase()));
  if (metrics.length === 0) return <Notice title="These runs have no metric" />;
  return (
    <>
      <Bar options={options} hasSearch />
      <div class="bar">
        <FieldChoice
          title="Group by"
          none="no group"
          fields={groups}
          now={by}
          onChoose={(to) => chooseInQuery("by", to)}
        />
      </div>
      <div class="chart-grid wide">
        {shown.slice(0, most.value).map((metric) => (
          <Card key={metric} metric={metric} store={store} options={options} labels={labels} />
        ))}
      </div>
      {shown.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += MORE)}>
          Show more of {shown.length}
        </button>
      )}
    </>
  );
}

/** A line for each run, or for each value that runs have in common. */
function labelling({ ids, names }: Compared, by: Field | undefined): Labelling {
  if (!by) return byRun(ids.map((run, at) => ({ run, label: names[at] ?? run })));
  const members = (value: Cell) => ids.filter((_, run) => by.values[run] === value);
  return byGroup(new Map(shares(by).map(({ value }) => [`${value ?? NONE}`, members(value)])), POINTS);
}

/** The curves of these runs, kept up to date while one of them runs. */
function useStore(compared: Compared, { axis }: Options): SeriesStore {
  const store = useMemo(
    () => new SeriesStore(askSeries, compared.ids, axis, pointsOf(compared.ids.length)),
    [compared.ids, axis],
  );
  useRefreshing(store, isRunning(compared.fields), AGAIN_MS);
  return store;
}

/** Many lines are drawn fluently if each has few points; zooming asks for more of them. */
function pointsOf(runs: number): number {
  return runs > MANY ? POINTS / 2 : POINTS;
}

function isRunning(fields: readonly Field[]): boolean {
  return fields.some(({ column, values }) => column === "attributes.status" && values.includes("RUNNING"));
}

interface CardProps {
  readonly metric: string;
  readonly store: SeriesStore;
  readonly options: Options;
  readonly labels: Labelling;
}

function Card({ metric, store, options, labels }: CardProps) {
  const [range, setRange] = useState<Range | undefined>(undefined);
  useEffect(() => setRange(undefined), [options.axis, options.looks.isLogX]);
  useEffect(() => store.look(metric), [store, metric]);
  const detail = useCallback((seen: Range) => store.zoomed(metric, seen.from, seen.to), [store, metric]);
  const shown = store.shown(metric);
  return (
    <section class="chart-card">
      <h3>{metric}</h3>
      {shown.failure && !shown.curves.size ? (
        <p class="failure" role="alert">
          {told(shown.failure)}
        </p>
      ) : shown.isAnswered ? (
        <LineChart
          title={metric}
          axis={options.axis}
          looks={options.looks}
          height={HEIGHT}
          curves={shown.curves}
          labelled={labels}
          range={range}
          onRange={setRange}
          detail={detail}
        />
      ) : (
        <div style={{ height: `${HEIGHT}px` }} aria-busy="true" />
      )}
    </section>
  );
}
