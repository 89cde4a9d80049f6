// Making a token. Its text is shown once, as the server keeps only a digest of it.

import { useSignal } from "@preact/signals";
import { createToken } from "../api/access";
import { Dialog } from "../ui/dialog";
import { Snippet } from "../ui/notice";
import { ALL, DAYS, SCOPES } from "./rules";

const DAY_SECONDS = 86_400;

export function NewToken({ onDone, onClose }: { onDone: () => Promise<void>; onClose: () => void }) {
  const text = useSignal("");
  if (text.value) return <Made text={text.value} onClose={onClose} />;
  return (
    <Asking
      onMake={async (label, scopes, days) => {
        text.value = await createToken(label, scopes, days * DAY_SECONDS);
        await onDone();
      }}
      onClose={() => text.value || onClose()}
    />
  );
}

type Make = (label: string, scopes: string[], days: number) => Promise<void>;

function Asking({ onMake, onClose }: { onMake: Make; onClose: () => void }) {
  const label = useSignal("");
  const days = useSignal(90);
  const scopes = useSignal<readonly string[]>([ALL]);
  const isAll = scopes.value.includes(ALL);
  const toggle = (scope: string) => {
    const chosen = scopes.value.filter((each) => each !== ALL);
    const next = chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope];
    scopes.value = next.length ? next : [ALL];
  };
  return (
    <Dialog
      title="New token"
      action="Make it"
      onAct={() => onMake(label.value.trim(), [...scopes.value], days.value)}
      onClose={onClose}
    >
      <label>
        Label
        <input
          value={label.value}
          placeholder="laptop, nightly training, …"
          onInput={(event) => (label.value = event.currentTarget.value)}
        />
      </label>
      <fieldset>
        <legend>It may</legend>
        <label class="check">
          <input type="checkbox" checked={isAll} onChange={() => (scopes.value = [ALL])} />
          Do all that you may do
        </label>
        {SCOPES.map(([scope, meaning]) => (
          <label key={scope} class="check">
            <input type="checkbox" checked={scopes.value.includes(scope)} onChange={() => toggle(scope)} />
            {meaning}
          </label>
        ))}
      </fieldset>
      <label>
        It lasts
        <select value={days.value} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
          {DAYS.map((count) => (
            <option key={count} value={count}>
              {count === 1 ? "a day" : `${count} days`}
            </option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}

function Made({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <Dialog
      title="Your token, shown this once"
      action="Copy and close"
      onAct={() => navigator.clipboard.writeText(text)}
      onClose={onClose}
    >
      <Snippet lines={[text]} />
      <p class="hint">The server keeps a digest of it alone: nobody can show it again.</p>
    </Dialog>
  );
}
