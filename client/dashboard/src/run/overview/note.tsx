// What people wrote about the run, in Markdown.

import { useSignal } from "@preact/signals";
import { deleteTag, type Run, setTag } from "../../api/run";
import { Dialog } from "../../ui/dialog";
import { Markdown } from "../../ui/markdown";
import { NOTE, tagsOf } from "./facts";

export function Note({ run, again }: { run: Run; again: () => Promise<void> }) {
  const isAsking = useSignal(false);
  const text = useSignal("");
  const note = tagsOf(run).get(NOTE) ?? "";
  const isDeleted = run.info.lifecycle_stage === "deleted";
  const write = async () => {
    if (text.value.trim()) await setTag(run.info.run_id, NOTE, text.value);
    else if (note) await deleteTag(run.info.run_id, NOTE);
    await again();
  };
  const ask = () => {
    text.value = note;
    isAsking.value = true;
  };
  return (
    <section class="panel">
      <h2>
        Note
        {!isDeleted && (
          <button type="button" class="plain small" onClick={ask}>
            {note ? "Change" : "Write"}
          </button>
        )}
      </h2>
      {note && <Markdown text={note} />}
      {isAsking.value && (
        <Dialog title="Note, in Markdown" action="Keep" onAct={write} onClose={() => (isAsking.value = false)}>
          <label>
            <span class="unseen">Note</span>
            <textarea rows={10} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
          </label>
        </Dialog>
      )}
    </section>
  );
}
