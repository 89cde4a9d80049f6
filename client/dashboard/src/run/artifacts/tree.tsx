// Folders that are listed when they are opened. The one that holds the chosen file is open.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Folder, listArtifacts } from "../../api/artifacts";
import { Resource } from "../../api/resource";
import { changeQuery } from "../../app/location";
import { size } from "../../ui/format";
import { FailureLine, Notice, Snippet } from "../../ui/notice";
import { nameOf } from "./kinds";

interface Props {
  readonly runId: string;
  readonly chosen: string;
  readonly path?: string;
  /** The folder has nothing in it. */
  readonly onEmpty?: () => void;
}

export function Tree({ runId, chosen, path = "", onEmpty }: Props) {
  const found = useMemo(() => new Resource<Folder>(), []);
  const ask = () => found.ask((abort) => listArtifacts(runId, path, "", abort));
  const more = (folder: Folder) =>
    found.ask(async (abort) => {
      const page = await listArtifacts(runId, path, folder.next, abort);
      return { entries: [...folder.entries, ...page.entries], next: page.next };
    });
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, []);

  const { answer, failure } = found.state.value;
  useEffect(() => {
    if (answer?.entries.length === 0) onEmpty?.();
  }, [answer]);
  if (failure) return <FailureLine failure={failure} again={ask} />;
  if (!answer) return <p class="hint">…</p>;
  if (!answer.entries.length) return <p class="hint">Nothing is in it.</p>;
  return (
    <ul>
      {answer.entries.map((entry) => (
        <li key={entry.path}>
          {entry.isFolder ? (
            <Opened runId={runId} chosen={chosen} path={entry.path} />
          ) : (
            <button
              type="button"
              class="plain file"
              aria-current={entry.path === chosen ? "true" : undefined}
              onClick={() => changeQuery({ path: entry.path })}
              title={entry.path}
            >
              <span>{nameOf(entry.path)}</span>
              <span class="hint">{size(entry.size)}</span>
            </button>
          )}
        </li>
      ))}
      {answer.next && (
        <li>
          <button type="button" class="more" onClick={() => more(answer)}>
            Show more
          </button>
        </li>
      )}
    </ul>
  );
}

function Opened({ runId, chosen, path }: { runId: string; chosen: string; path: string }) {
  const [isOpen, setIsOpen] = useState(chosen.startsWith(`${path}/`));
  const toggle = (isNow: boolean) => {
    setIsOpen(isNow);
    // Its pictures are shown, unless a file in it is.
    if (isNow && !chosen.startsWith(`${path}/`)) changeQuery({ path: `${path}/` });
  };
  return (
    <details open={isOpen} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary class="folder" title={path}>
        {nameOf(path)}
      </summary>
      {isOpen && <Tree runId={runId} chosen={chosen} path={path} />}
    </details>
  );
}

export function Nothing({ runId }: { runId: string }) {
  return (
    <Notice title="The run has no files">
      <p>Log one:</p>
      <Snippet
        lines={[
          "import cumulog",
          `with cumulog.start_run(run_id="${runId}"):`,
          '    cumulog.log_text("hello", "hello.txt")',
        ]}
      />
    </Notice>
  );
}
