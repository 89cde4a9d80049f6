// The reader's tokens: make one, see which there are, revoke.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { myTokens, revokeToken, type Token } from "../api/access";
import { Resource } from "../api/resource";
import { me } from "../session/me";
import { now } from "../ui/clock";
import { Dialog } from "../ui/dialog";
import { ago, moment } from "../ui/format";
import { Failure, Notice } from "../ui/notice";
import { NewToken } from "./creating";
import { ordered, stateOf } from "./rules";

export function Tokens() {
  if (me.value?.username) return <Mine />;
  return (
    <Notice title="Nobody needs a token here">
      <p>
        This stack is open to everybody on this machine. <code>make up AUTH=on</code> starts one that asks for tokens.
      </p>
    </Notice>
  );
}

function Mine() {
  const found = useMemo(() => new Resource<readonly Token[]>(), []);
  const isCreating = useSignal(false);
  const revoking = useSignal<Token | undefined>(undefined);
  const ask = () => found.ask(myTokens);
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, []);

  const { answer, failure } = found.state.value;
  const asked = revoking.value;
  return (
    <>
      <div class="heading">
        <h1>Tokens</h1>
        <button type="button" class="primary" onClick={() => (isCreating.value = true)}>
          New token
        </button>
      </div>
      <p class="hint">
        A job signs in by a token: <code>export MLFLOW_TRACKING_TOKEN=cml_…</code>
      </p>
      {failure ? <Failure failure={failure} again={ask} /> : null}
      {answer?.length === 0 && <Notice title="You have no token yet" />}
      {answer && answer.length > 0 && <List tokens={answer} onRevoke={(token) => (revoking.value = token)} />}
      {isCreating.value && <NewToken onDone={ask} onClose={() => (isCreating.value = false)} />}
      {asked && (
        <Dialog
          title={`Revoke ${asked.label || asked.token_id}?`}
          action="Revoke"
          isDangerous
          onAct={async () => {
            await revokeToken(asked.token_id);
            await ask();
          }}
          onClose={() => (revoking.value = undefined)}
        >
          <p>What uses it is refused from now on, and so are the tokens that were made with it.</p>
        </Dialog>
      )}
    </>
  );
}

function List({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
  return (
    <table class="list">
      <thead>
        <tr>
          <th>Label</th>
          <th>May</th>
          <th>Made</th>
          <th>Ends</th>
          <th>
            <span class="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered(tokens, now.value).map((token) => (
          <Row key={token.token_id} token={token} onRevoke={onRevoke} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ token, onRevoke }: { token: Token; onRevoke: (token: Token) => void }) {
  const state = stateOf(token, now.value);
  return (
    <tr class={state === "valid" ? "" : "past"}>
      <td>
        {token.label || <span class="hint">without a label</span>} <code class="hint">{token.token_id}</code>
      </td>
      <td>{token.scopes.join(", ")}</td>
      <td title={moment(token.created)}>{ago(token.created, now.value)}</td>
      <td title={moment(token.revoked ?? token.expires)}>
        {state === "valid" ? moment(token.expires) : state === "revoked" ? "revoked" : "has ended"}
      </td>
      <td class="actions">
        {state === "valid" && (
          <button type="button" onClick={() => onRevoke(token)}>
            Revoke
          </button>
        )}
      </td>
    </tr>
  );
}
