// The tags that people set, which can be set and deleted here.

import { useSignal } from "@preact/signals";
import { deleteTag, type Pair, type Run, setTag } from "../../api/run";
import { Dialog } from "../../ui/dialog";
import { Scroll } from "../../ui/scroll";
import { ownTags } from "./facts";
import { Value } from "./rows";

interface Props {
  readonly run: Run;
  readonly again: () => Promise<void>;
}

interface Question {
  readonly kind: "set" | "delete";
  readonly key: string;
  readonly value: string;
}

export function Tags({ run, again }: Props) {
  const question = useSignal<Question | undefined>(undefined);
  const tags = ownTags(run);
  const isDeleted = run.info.lifecycle_stage === "deleted";
  return (
    <section class="panel">
      <h2>
        Tags <span class="count">{tags.length || ""}</span>
        {!isDeleted && (
          <button
            type="button"
            class="plain small"
            onClick={() => (question.value = { kind: "set", key: "", value: "" })}
          >
            Add
          </button>
        )}
      </h2>
      <Scroll label="Tags" height="low">
        <table class="pairs">
          <tbody>
            {tags.map((tag) => (
              <Row key={tag.key} tag={tag} onAsk={isDeleted ? undefined : (asked) => (question.value = asked)} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {question.value && (
        <Ask
          runId={run.info.run_id}
          question={question.value}
          again={again}
          onClose={() => (question.value = undefined)}
        />
      )}
    </section>
  );
}

function Row({ tag, onAsk }: { tag: Pair; onAsk: ((question: Question) => void) | undefined }) {
  const { key, value } = tag;
  const button = (kind: Question["kind"], title: string) => (
    <button
      type="button"
      class="plain small"
      aria-label={`${title} ${key}`}
      onClick={() => onAsk?.({ kind, key, value })}
    >
      {title}
    </button>
  );
  return (
    <tr>
      <td class="name">{key}</td>
      <td class="value">
        <Value text={value} />
      </td>
      {onAsk && (
        <td class="actions">
          {button("set", "Change")}
          {button("delete", "Delete")}
        </td>
      )}
    </tr>
  );
}

function Ask(props: { runId: string; question: Question; again: () => Promise<void>; onClose: () => void }) {
  const { runId, question, again, onClose } = props;
  const key = useSignal(question.key);
  const value = useSignal(question.value);
  if (question.kind === "delete") {
    const remove = async () => {
      await deleteTag(runId, question.key);
      await again();
    };
    return (
      <Dialog title={`Delete the tag ${question.key}?`} action="Delete" isDangerous onAct={remove} onClose={onClose}>
        <p>{question.value.slice(0, 200)}</p>
      </Dialog>
    );
  }
  const set = async () => {
    await setTag(runId, key.value.trim(), value.value);
    await again();
  };
  return (
    <Dialog title={question.key ? `Change ${question.key}` : "Add a tag"} action="Set" onAct={set} onClose={onClose}>
      {!question.key && (
        <label>
          Name
          <input value={key.value} onInput={(event) => (key.value = event.currentTarget.value)} required />
        </label>
      )}
      <label>
        Value
        <textarea rows={3} value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
