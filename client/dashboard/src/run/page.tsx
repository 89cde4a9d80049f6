// The page of a run: what it was, its curves, its files, its models.

import { useEffect, useMemo } from "preact/hooks";
import { type Experiment, getExperiment } from "../api/experiments";
import { ApiError, told } from "../api/failures";
import { Resource } from "../api/resource";
import type { Run } from "../api/run";
import { formatRoute } from "../app/route";
import { now } from "../ui/clock";
import { Copy } from "../ui/copy";
import { ago, moment } from "../ui/format";
import { Failure, Notice } from "../ui/notice";
import { Actions } from "./actions";
import { Artifacts } from "./artifacts/page";
import { useRun } from "./asked";
import { Charts } from "./charts/page";
import { Models } from "./models/page";
import { taken } from "./overview/facts";
import { Overview } from "./overview/page";
import { Status } from "./status";

const TABS = [
  ["overview", "Overview"],
  ["charts", "Charts"],
  ["artifacts", "Artifacts"],
  ["models", "Models"],
] as const;

interface Props {
  readonly experimentId: string;
  readonly runId: string;
  readonly tab: string;
}

export function RunPage({ experimentId, runId, tab }: Props) {
  const { run, failure, again } = useRun(runId);
  const name = run?.info.run_name || runId;
  useEffect(() => {
    document.title = `${name} · Cumulog`;
    return () => {
      document.title = "Cumulog";
    };
  }, [name]);

  if (!run) return failure ? <Missing failure={failure} {...{ experimentId, runId, again }} /> : <p class="hint">…</p>;
  if (run.info.experiment_id !== experimentId) return <Elsewhere run={run} />;
  return (
    <>
      <Heading run={run} again={again} />
      {failure ? <p class="failure">The run could not be asked for again: {told(failure)}</p> : null}
      <Tabs {...{ experimentId, runId, tab }} run={run} />
      <Tab tab={tab} run={run} again={again} />
    </>
  );
}

function Tab({ tab, run, again }: { tab: string; run: Run; again: () => Promise<void> }) {
  switch (tab) {
    case "charts":
      return <Charts key={run.info.run_id} run={run} />;
    case "artifacts":
      return <Artifacts key={run.info.run_id} run={run} />;
    case "models":
      return <Models key={run.info.run_id} run={run} />;
    default:
      return <Overview key={run.info.run_id} run={run} again={again} />;
  }
}

function Heading({ run, again }: { run: Run; again: () => Promise<void> }) {
  const { info } = run;
  const start = info.start_time ?? 0;
  return (
    <>
      <Trail experimentId={info.experiment_id} />
      <div class="heading run-heading">
        <h1>{info.run_name || info.run_id}</h1>
        <Status status={info.status} />
        <span class="hint" title={moment(start)}>
          {start ? `started ${ago(start, now.value)}` : "not started"}
          {taken(run, now.value) && `, ${info.status === "RUNNING" ? "for" : "took"} ${taken(run, now.value)}`}
        </span>
        <Copy text={info.run_id} label="Copy id" />
        <Actions run={run} again={again} />
      </div>
      {info.lifecycle_stage === "deleted" && (
        <p class="away" role="status">
          This run is deleted. It can be read and restored; nothing can be logged to it.
        </p>
      )}
    </>
  );
}

function Trail({ experimentId }: { experimentId: string }) {
  const found = useMemo(() => new Resource<Experiment>(), []);
  useEffect(() => {
    void found.ask((abort) => getExperiment(experimentId, abort));
    return () => found.stop();
  }, []);
  return (
    <p class="trail">
      <a href={formatRoute(["experiments"])}>Experiments</a> /{" "}
      <a href={formatRoute(["experiments", experimentId, "runs"])}>{found.state.value.answer?.name ?? experimentId}</a>
    </p>
  );
}

function Tabs({ experimentId, runId, tab, run }: Props & { run: Run }) {
  const counts: Readonly<Record<string, number>> = {
    charts: run.data.metrics?.length ?? 0,
    models: (run.outputs?.model_outputs?.length ?? 0) + (run.inputs.model_inputs?.length ?? 0),
  };
  const current = TABS.some(([name]) => name === tab) ? tab : "overview";
  return (
    <nav class="tabs" aria-label="What to see of the run">
      {TABS.map(([name, title]) => (
        <a
          key={name}
          href={formatRoute(["experiments", experimentId, "runs", runId, name])}
          aria-current={name === current ? "page" : undefined}
        >
          {title}
          {counts[name] ? <span class="count">{counts[name]}</span> : null}
        </a>
      ))}
    </nav>
  );
}

function Elsewhere({ run }: { run: Run }) {
  const { experiment_id: there, run_id: runId } = run.info;
  return (
    <Notice title="This run is of another experiment">
      <p>
        <a href={formatRoute(["experiments", there, "runs", runId])}>Show it in experiment {there}</a>
      </p>
    </Notice>
  );
}

function Missing(props: { failure: unknown; experimentId: string; runId: string; again: () => Promise<void> }) {
  if (!(props.failure instanceof ApiError) || props.failure.status !== 404) {
    return <Failure failure={props.failure} again={() => void props.again()} />;
  }
  return (
    <Notice title="There is no such run">
      <p>
        No run that you may see has the id <code>{props.runId}</code>. Its trace may be gone, or the address may have
        been cut.
      </p>
      <p>
        <a href={formatRoute(["experiments", props.experimentId, "runs"])}>Go to the runs of the experiment</a>
      </p>
    </Notice>
  );
}
