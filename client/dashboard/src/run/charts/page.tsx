// The curves of a run: a chart for each metric, asked for when it comes into view, kept up to date while the run runs.

import { useSignal } from "@preact/signals";
import type { Run } from "../../api/run";
import { changeQuery, route } from "../../app/location";
import type { SeriesStore } from "../../charts/data/store";
import { useRefreshing } from "../../charts/refreshing";
import { Notice, Snippet } from "../../ui/notice";
import { grouped, metrics, SYSTEM } from "../metrics";
import { continuing } from "../snippets";
import { Bar } from "./bar";
import { Alone, Card } from "./card";
import { type Options, readOptions } from "./options";
import { storeOf } from "./stores";

const AGAIN_MS = 3_000;
const MOST_CARDS = 60;

export function Charts({ run }: { run: Run }) {
  const options = readOptions(route.value.query);
  const store = useStore(run, options);
  const all = metrics(run);
  const lasts = new Map(all.map(({ key, last }) => [key, last]));
  if (!all.length) {
    return (
      <Notice title="No metric was logged yet">
        <p>Log one:</p>
        <Snippet lines={continuing(location.origin, run.info.run_id)} />
      </Notice>
    );
  }
  const isLive = run.info.status === "RUNNING";
  if (options.chart) {
    if (!lasts.has(options.chart)) return <NoChart name={options.chart} />;
    return <Alone key={options.chart} {...{ run, store, options, isLive }} metric={options.chart} />;
  }
  const keys = all.map(({ key }) => key);
  const groups = grouped(keys, options.search);
  return (
    <>
      <Bar options={options} hasSearch />
      {groups.length === 0 && <p class="hint">No metric matches.</p>}
      {groups.map(({ name, keys: members }) => (
        <Group key={name} name={name} count={members.length} isOpen={name !== SYSTEM || options.search !== ""}>
          {(most) =>
            members
              .slice(0, most)
              .map((key) => <Card key={key} {...{ run, store, options, isLive }} metric={key} last={lasts.get(key)} />)
          }
        </Group>
      ))}
    </>
  );
}

/** The curves of this run on one axis, kept up to date while it runs. */
function useStore(run: Run, { axis }: Options): SeriesStore {
  const store = storeOf(run.info.run_id, axis);
  useRefreshing(store, run.info.status === "RUNNING", AGAIN_MS);
  return store;
}

interface GroupProps {
  readonly name: string;
  readonly count: number;
  readonly isOpen: boolean;
  readonly children: (most: number) => preact.JSX.Element[];
}

function Group({ name, count, isOpen, children }: GroupProps) {
  const most = useSignal(MOST_CARDS);
  const opened = useSignal(isOpen);
  return (
    <details class="chart-group" open={opened.value} onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>
        {name || "Metrics"} <span class="count">{count}</span>
      </summary>
      {opened.value && <div class="chart-grid">{children(most.value)}</div>}
      {opened.value && count > most.value && (
        <button type="button" class="more" onClick={() => (most.value += MOST_CARDS)}>
          Show more of {count}
        </button>
      )}
    </details>
  );
}

function NoChart({ name }: { name: string }) {
  return (
    <Notice title="There is no such metric">
      <p>
        The run has no <code>{name}</code>.{" "}
        <button type="button" onClick={() => changeQuery({ chart: "", from: "", to: "" })}>
          Show all charts
        </button>
      </p>
    </Notice>
  );
}
