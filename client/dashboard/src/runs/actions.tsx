// What is done with selected runs.

import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { ViewType } from "../api/experiments";
import { deleteRun, restoreRun, setTag } from "../api/run";
import { formatRoute } from "../app/route";
import { Dialog } from "../ui/dialog";
import { forEach } from "./rows/several";

interface Props {
  readonly experimentId: string;
  readonly ids: readonly string[];
  readonly view: ViewType;
  readonly onExport: () => void;
  readonly onClear: () => void;
  readonly onDeselect: (ids: readonly string[]) => void;
  /** Something was changed on the server. */
  readonly onDone: () => Promise<void>;
}

type Asking = "tag" | "delete" | "restore";

// An address has its limits too.
const MOST_COMPARED = 1_000;

export function Actions(props: Props) {
  const { experimentId, ids, view, onExport, onClear } = props;
  const asking = useSignal<Asking | undefined>(undefined);
  const compared = new URLSearchParams({ runs: ids.slice(0, MOST_COMPARED).join(",") });
  const act = (what: Asking) => () => {
    asking.value = what;
  };
  return (
    <div class="bar selected" role="toolbar" aria-label="Selected runs">
      <strong>{counted(ids.length)} selected</strong>
      <a class="button" href={formatRoute(["experiments", experimentId, "compare"], compared)}>
        Compare
      </a>
      {view === "DELETED_ONLY" ? (
        <button type="button" onClick={act("restore")}>
          Restore
        </button>
      ) : (
        <>
          <button type="button" onClick={act("tag")}>
            Tag
          </button>
          <button type="button" onClick={act("delete")}>
            Delete
          </button>
        </>
      )}
      <button type="button" onClick={onExport}>
        Export CSV
      </button>
      <Copy ids={ids} />
      <button type="button" class="plain" onClick={onClear}>
        Clear
      </button>
      {asking.value && <Ask {...props} asking={asking.value} onClose={() => (asking.value = undefined)} />}
    </div>
  );
}

function Copy({ ids }: { ids: readonly string[] }) {
  const [told, setTold] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(ids.join("\n")).then(
      () => setTold("Copied"),
      () => setTold("The browser refuses to copy"),
    );
  return (
    <button type="button" onClick={copy} onBlur={() => setTold("")}>
      {told || "Copy ids"}
    </button>
  );
}

interface AskProps extends Props {
  readonly asking: Asking;
  readonly onClose: () => void;
}

function Ask(props: AskProps) {
  const { asking, ids, onDeselect, onDone, onClose } = props;
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  // How many runs it began with: after a failure, those that are done are selected no longer.
  const [[done, of], setDone] = useState([0, 0]);
  const all = (what: (id: string) => Promise<void>) => async () => {
    let finished: readonly string[] = [];
    const progress = (now: readonly string[]) => {
      finished = now;
      setDone([now.length, ids.length]);
    };
    try {
      await forEach(ids, what, progress);
      if (asking !== "tag") onDeselect(finished);
    } catch (failure) {
      onDeselect(finished);
      throw failure;
    } finally {
      await onDone();
    }
  };
  const progress = done > 0 && (
    <p role="status">
      {done} of {counted(of)}
    </p>
  );
  if (asking === "tag") {
    return (
      <Dialog
        title={`Tag ${counted(ids.length)}`}
        action="Tag"
        onAct={all((id) => setTag(id, key.trim(), value))}
        onClose={onClose}
      >
        <label>
          Key
          <input value={key} onInput={(event) => setKey(event.currentTarget.value)} required />
        </label>
        <label>
          Value
          <input value={value} onInput={(event) => setValue(event.currentTarget.value)} />
        </label>
        {progress}
      </Dialog>
    );
  }
  if (asking === "delete") {
    return (
      <Dialog
        title={`Delete ${counted(ids.length)}?`}
        action="Delete"
        isDangerous
        onAct={all(deleteRun)}
        onClose={onClose}
      >
        <p>You find them under “Deleted ones”, and can restore them from there.</p>
        {progress}
      </Dialog>
    );
  }
  return (
    <Dialog title={`Restore ${counted(ids.length)}?`} action="Restore" onAct={all(restoreRun)} onClose={onClose}>
      <p>They come back as they were.</p>
      {progress}
    </Dialog>
  );
}

function counted(count: number): string {
  return `${count} ${count === 1 ? "run" : "runs"}`;
}
