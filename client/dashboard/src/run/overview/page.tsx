// The first tab: what the run was, what it was given, and what came out.

import { useEffect, useMemo } from "preact/hooks";
import { Resource } from "../../api/resource";
import { children, type Extremes, extremes, getRun, type Named, type Run } from "../../api/run";
import { formatRoute } from "../../app/route";
import { now } from "../../ui/clock";
import { Copy } from "../../ui/copy";
import { ago, number } from "../../ui/format";
import { Notice, Snippet } from "../../ui/notice";
import { Scroll } from "../../ui/scroll";
import { metrics } from "../metrics";
import { continuing } from "../snippets";
import { Status } from "../status";
import { details, type Fact, PARENT, params, systemTags, tagsOf } from "./facts";
import { Inputs } from "./inputs";
import { Note } from "./note";
import { Record } from "./record-view";
import { Rows } from "./rows";
import { Tags } from "./tags";

const EXTREMES_MS = 30_000;
const MOST_EXTREMES = 300;

export function Overview({ run, again }: { run: Run; again: () => Promise<void> }) {
  const isEmpty = !run.data.metrics?.length && !run.data.params?.length && !run.inputs.dataset_inputs?.length;
  return (
    <div class="overview">
      <div>
        <section class="panel">
          <h2>Details</h2>
          <Facts facts={details(run, now.value)} />
          <Parent run={run} />
        </section>
        <Note run={run} again={again} />
        <Tags run={run} again={again} />
        <Children run={run} />
        <Inputs inputs={run.inputs.dataset_inputs ?? []} />
      </div>
      <div>
        {isEmpty && <Nothing runId={run.info.run_id} />}
        <Metrics run={run} />
        <Rows
          title="Params"
          of="params"
          headers={["Param", "Value"]}
          rows={params(run).map(({ key, value }) => [key, value])}
        />
        <Cut cut={run.cut} />
        <Record run={run} />
        <Rows
          title="System tags"
          of="tags"
          isFolded
          headers={["Tag", "Value"]}
          rows={systemTags(run).map(({ key, value }) => [key, value])}
        />
      </div>
    </div>
  );
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ label, value, remark, isCode, link }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class={isCode ? "code" : undefined}>
            {link ? <a href={formatRoute(link)}>{value}</a> : value}
            {remark && <span class="hint"> {remark}</span>}
            {isCode && <Copy text={value} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Metrics({ run }: { run: Run }) {
  const all = metrics(run);
  const found = useMemo(() => new Resource<Map<string, Extremes>>(), []);
  // While a run runs, now and then: asking for the extremes of many metrics takes several questions.
  const time = run.info.status === "RUNNING" ? Math.floor(now.value / EXTREMES_MS) : 0;
  useEffect(() => {
    const keys = all.map((each) => each.key);
    if (keys.length) void found.ask((abort) => extremes(run.info, keys.slice(0, MOST_EXTREMES), abort));
    return () => found.stop();
  }, [all.length, run.info.status, time]);
  const known = found.state.value.answer;
  const charts = ["experiments", run.info.experiment_id, "runs", run.info.run_id, "charts"];
  const shown = (value: number | undefined) => (value === undefined ? "" : number(value));
  return (
    <Rows
      title="Metrics"
      of="metrics"
      headers={["Metric", "Last", "Min", "Max", "Step"]}
      rows={all.map((each) => {
        const { min, max } = known?.get(each.key) ?? { min: undefined, max: undefined };
        return [each.key, number(each.last), shown(min), shown(max), number(each.step)];
      })}
      areNumbers
      link={(name) => formatRoute(charts, new URLSearchParams({ chart: name }))}
    />
  );
}

/** Whether a tag, which may hold any text, names a run. */
function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** A parent by its name; by its id where it may not be seen. */
function Parent({ run }: { run: Run }) {
  const parent = tagsOf(run).get(PARENT) ?? "";
  const found = useMemo(() => new Resource<Run>(), []);
  useEffect(() => {
    if (isId(parent)) void found.ask((abort) => getRun(parent, abort));
    return () => found.stop();
  }, [parent]);
  if (!parent) return null;
  const { answer } = found.state.value;
  if (!isId(parent)) return <Facts facts={[{ label: "Parent", value: parent }]} />;
  const link = ["experiments", answer?.info.experiment_id ?? run.info.experiment_id, "runs", parent];
  return <Facts facts={[{ label: "Parent", value: answer?.info.run_name || parent, link }]} />;
}

function Children({ run }: { run: Run }) {
  const found = useMemo(() => new Resource<{ runs: Named[]; isMore: boolean }>(), []);
  useEffect(() => {
    void found.ask((abort) => children(run.info, abort));
    return () => found.stop();
  }, []);
  const { answer } = found.state.value;
  if (!answer?.runs.length) return null;
  return (
    <section class="panel">
      <h2>
        Child runs <span class="count">{answer.isMore ? `${answer.runs.length} and more` : answer.runs.length}</span>
      </h2>
      <Scroll label="Child runs" height="low">
        <table class="pairs">
          <tbody>
            {answer.runs.map((child) => (
              <tr key={child.runId}>
                <td>
                  <a href={formatRoute(["experiments", run.info.experiment_id, "runs", child.runId])}>
                    {child.name || child.runId}
                  </a>
                </td>
                <td>
                  <Status status={child.status} />
                </td>
                <td class="number">{child.startTime ? ago(child.startTime, now.value) : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Cut({ cut }: { cut: Run["cut"] }) {
  const parts = Object.entries(cut ?? {});
  if (!parts.length) return null;
  return (
    <p class="hint">
      The server left out what does not fit into its reply:{" "}
      {parts.map(([what, count]) => `${count} ${what}`).join(", ")}.
    </p>
  );
}

function Nothing({ runId }: { runId: string }) {
  return (
    <Notice title="Nothing was logged to this run yet">
      <p>Go on with it:</p>
      <Snippet lines={continuing(location.origin, runId)} />
    </Notice>
  );
}
