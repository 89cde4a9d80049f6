// What can be done with a run: rename, delete, restore, and lines to type.

import { useSignal } from "@preact/signals";
import { deleteRun, type Run, renameRun, restoreRun } from "../api/run";
import { Copy } from "../ui/copy";
import { Dialog } from "../ui/dialog";
import { Snippet } from "../ui/notice";
import { continuing, reading } from "./snippets";

type Question = "rename" | "delete" | "restore" | "snippet";

export function Actions({ run, again }: { run: Run; again: () => Promise<void> }) {
  const question = useSignal<Question | undefined>(undefined);
  const isDeleted = run.info.lifecycle_stage === "deleted";
  const button = (asked: Question, title: string) => (
    <button type="button" onClick={() => (question.value = asked)}>
      {title}
    </button>
  );
  const close = () => (question.value = undefined);
  return (
    <div class="run-actions">
      {button("snippet", "Use it")}
      {!isDeleted && button("rename", "Rename")}
      {isDeleted ? button("restore", "Restore") : button("delete", "Delete")}
      {question.value === "snippet" && <Snippets run={run} onClose={close} />}
      {question.value === "rename" && <Rename run={run} again={again} onClose={close} />}
      {question.value === "delete" && <Delete run={run} again={again} onClose={close} />}
      {question.value === "restore" && <Restore run={run} again={again} onClose={close} />}
    </div>
  );
}

interface AskProps {
  readonly run: Run;
  readonly again: () => Promise<void>;
  readonly onClose: () => void;
}

function Delete({ run, again, onClose }: AskProps) {
  const remove = async () => {
    await deleteRun(run.info.run_id);
    await again();
  };
  return (
    <Dialog title="Delete this run?" action="Delete" isDangerous onAct={remove} onClose={onClose}>
      <p>Its metrics and files stay, and it can be restored. Searches no longer show it.</p>
    </Dialog>
  );
}

function Restore({ run, again, onClose }: AskProps) {
  const restore = async () => {
    await restoreRun(run.info.run_id);
    await again();
  };
  return (
    <Dialog title="Restore this run?" action="Restore" onAct={restore} onClose={onClose}>
      <p>Searches show it again.</p>
    </Dialog>
  );
}

function Rename({ run, again, onClose }: AskProps) {
  const name = useSignal(run.info.run_name ?? "");
  const rename = async () => {
    await renameRun(run.info.run_id, name.value.trim());
    await again();
  };
  return (
    <Dialog title="Rename this run" action="Rename" onAct={rename} onClose={onClose}>
      <label>
        Name
        <input value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} required />
      </label>
    </Dialog>
  );
}

function Snippets({ run, onClose }: { run: Run; onClose: () => void }) {
  const shown: readonly (readonly [string, string[]])[] = [
    ["Go on with it", continuing(location.origin, run.info.run_id)],
    ["Read it", reading(location.origin, run.info.run_id)],
  ];
  return (
    <Dialog title="Use this run" action="Done" onAct={async () => {}} onClose={onClose}>
      {shown.map(([title, lines]) => (
        <section key={title}>
          <div class="heading">
            <h3>{title}</h3>
            <Copy text={lines.join("\n")} />
          </div>
          <Snippet lines={lines} />
        </section>
      ))}
    </Dialog>
  );
}
