// Two of the runs by what was recorded of them: commit, command, machine and packages that differ, and their changes.

import { useEffect, useMemo } from "preact/hooks";
import { downloadAmongOthers, head, listArtifacts } from "../api/artifacts";
import { told } from "../api/failures";
import { Resource } from "../api/resource";
import { chooseInQuery, route } from "../app/location";
import { textOf } from "../run/artifacts/kinds";
import { readPatch } from "../run/overview/patch";
import { FOLDER, PACKAGES, PATCH, packagesOf, RECORD, readRecord } from "../run/overview/record";
import { Diff } from "../run/overview/record-view";
import { Notice } from "../ui/notice";
import { type Difference, factDifferences, packageDifferences, patchDifferences } from "./data/code";
import type { Compared } from "./data/table";

const MOST_BYTES = 4_000_000;
const MISSING = "–";

type Record = ReadonlyMap<string, string>;

interface Props {
  readonly compared: Compared;
  readonly experimentId: string;
}

export function Code({ compared, experimentId }: Props) {
  const { query } = route.value;
  const pick = (name: string, at: number) =>
    compared.ids.find((id) => id === query.get(name)) ?? compared.ids[at] ?? "";
  const [before, after] = [pick("before", 0), pick("after", 1)];
  return (
    <>
      <div class="bar">
        <RunChoice title="Before" name="before" now={before} compared={compared} />
        <RunChoice title="After" name="after" now={after} compared={compared} />
      </div>
      <Pair key={`${before} ${after}`} {...{ experimentId, before, after }} />
    </>
  );
}

function RunChoice(props: { title: string; name: string; now: string; compared: Compared }) {
  const { title, name, now, compared } = props;
  return (
    <label class="check">
      {title}
      <select value={now} onChange={(event) => chooseInQuery(name, event.currentTarget.value)}>
        {compared.ids.map((id, run) => (
          <option key={id} value={id}>
            {compared.names[run]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Pair({ experimentId, before, after }: { experimentId: string; before: string; after: string }) {
  const found = useMemo(() => new Resource<readonly [Record, Record]>(), []);
  useEffect(() => {
    void found.ask((abort) =>
      Promise.all([readRecordOf(experimentId, before, abort), readRecordOf(experimentId, after, abort)]),
    );
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) {
    return (
      <p class="failure" role="alert">
        {told(failure)}
      </p>
    );
  }
  if (!answer) return <p class="hint">Reading what was recorded of both …</p>;
  const [one, other] = answer;
  if (!one.size || !other.size) return <NoRecord />;
  const text = (record: Record, path: string) => record.get(path) ?? "";
  const facts = factDifferences(readRecord(text(one, RECORD)), readRecord(text(other, RECORD)));
  const packages = packageDifferences(packagesOf(text(one, PACKAGES)), packagesOf(text(other, PACKAGES)));
  const patches = patchDifferences(text(one, PATCH), text(other, PATCH));
  return (
    <>
      <Table title="What was run, and where" differences={facts} />
      <Table title="Packages" differences={packages} />
      <h2>Changes that were not committed</h2>
      {patches.length === 0 && <p class="hint">No file differs in them.</p>}
      {patches.map((each) => (
        <Changes key={each.name} {...each} />
      ))}
    </>
  );
}

/** The files of a record that tell of code and packages; none for a run that has no record. */
async function readRecordOf(experimentId: string, runId: string, abort: AbortSignal): Promise<Record> {
  const { entries } = await listArtifacts(runId, FOLDER, "", abort);
  const present = [RECORD, PACKAGES, PATCH].filter((path) => entries.some((entry) => entry.path === path));
  const read = async (path: string) => {
    const file = await downloadAmongOthers(`${experimentId}/${runId}/artifacts/${path}`);
    return [path, textOf(await head(file, MOST_BYTES, abort)) ?? ""] as const;
  };
  return new Map(present.includes(RECORD) ? await Promise.all(present.map(read)) : []);
}

function Table({ title, differences }: { title: string; differences: readonly Difference[] }) {
  return (
    <section class="part">
      <h2>{title}</h2>
      {differences.length === 0 ? (
        <p class="hint">The same in both.</p>
      ) : (
        <table class="list differences">
          <thead>
            <tr>
              <th>Differs</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{before || MISSING}</td>
                <td>{after || MISSING}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Changes({ name, before, after }: Difference) {
  return (
    <details class="same">
      <summary>{name}</summary>
      <div class="two">
        <div>{before ? <Diff patch={readPatch(before)} /> : <p class="hint">Before: as it was committed.</p>}</div>
        <div>{after ? <Diff patch={readPatch(after)} /> : <p class="hint">After: as it was committed.</p>}</div>
      </div>
    </details>
  );
}

function NoRecord() {
  return (
    <Notice title="One of the two has no record">
      <p>
        Runs that <code>cumulog</code> creates record commit, changes, command, packages and machine. MLflow's client
        notes the commit as a tag, which “Differences” shows.
      </p>
    </Notice>
  );
}
