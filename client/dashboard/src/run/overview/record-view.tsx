// What was run and where, if the run recorded it: cumulog/run.json, the packages and the patch.

import { useEffect, useMemo, useState } from "preact/hooks";
import { downloadOf, head, listArtifacts } from "../../api/artifacts";
import { told } from "../../api/failures";
import { Resource } from "../../api/resource";
import type { Run } from "../../api/run";
import { rootOf } from "../files";
import { Facts } from "./page";
import { type Patch, readPatch } from "./patch";
import { FOLDER, PACKAGES, PATCH, packagesOf, RECORD, readRecord, type Section } from "./record";

const MOST_BYTES = 2_000_000;

interface Found {
  readonly sections: readonly Section[];
  /** Which files the record has. */
  readonly names: ReadonlySet<string>;
}

export function Record({ run }: { run: Run }) {
  const found = useMemo(() => new Resource<Found>(), []);
  const root = rootOf(run);
  useEffect(() => {
    if (root) void found.ask((abort) => recordOf(run.info.run_id, root, abort));
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) {
    return (
      <section class="panel">
        <h2>What was run</h2>
        <p class="hint">The record of this run cannot be read: {told(failure)}</p>
      </section>
    );
  }
  if (!answer?.sections.length || !root) return null;
  return (
    <section class="panel">
      <h2>What was run</h2>
      {answer.sections.map((section) => (
        <details key={section.title} open={section.title === "Command" || section.title === "Code"}>
          <summary>{section.title}</summary>
          <Facts facts={section.facts} />
        </details>
      ))}
      {answer.names.has(PACKAGES) && (
        <Lazy title="Packages" path={root + PACKAGES} show={(text) => <Packages names={packagesOf(text)} />} />
      )}
      {answer.names.has(PATCH) && (
        <Lazy title="Changes since the commit" path={root + PATCH} show={(text) => <Diff patch={readPatch(text)} />} />
      )}
    </section>
  );
}

/** A run without a record has no such folder. */
async function recordOf(runId: string, root: string, abort: AbortSignal): Promise<Found> {
  const { entries } = await listArtifacts(runId, FOLDER, "", abort);
  const names = new Set(entries.map(({ path }) => path));
  return { names, sections: names.has(RECORD) ? readRecord(await textOf(root + RECORD, abort)) : [] };
}

async function textOf(path: string, abort?: AbortSignal): Promise<string> {
  return new TextDecoder().decode(await head(await downloadOf(path, abort), MOST_BYTES, abort));
}

/** A file that is fetched when its part is opened. */
function Lazy({ title, path, show }: { title: string; path: string; show: (text: string) => preact.JSX.Element }) {
  const found = useMemo(() => new Resource<string>(), []);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (isOpen && found.state.peek().answer === undefined) void found.ask((abort) => textOf(path, abort));
    return () => found.stop();
  }, [isOpen]);
  const { answer, failure } = found.state.value;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && answer !== undefined && show(answer)}
      {failure ? <p class="failure">{told(failure)}</p> : null}
    </details>
  );
}

function Packages({ names }: { names: readonly string[] }) {
  return (
    <ul class="packages">
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}

export function Diff({ patch }: { patch: Patch }) {
  return (
    <>
      <p class="hint">
        {patch.files} files, <span class="added">+{patch.added}</span> <span class="removed">−{patch.removed}</span>
      </p>
      <pre class="snippet patch">
        {patch.lines.map((line, at) => (
          <span key={at} class={line.kind}>
            {line.text}
            {"\n"}
          </span>
        ))}
      </pre>
      {patch.isCut && (
        <p class="hint">These are the first {patch.lines.length} lines; download the file for the rest.</p>
      )}
    </>
  );
}
