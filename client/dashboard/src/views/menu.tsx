// The saved views of an experiment: open one, save the present one, delete.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { told } from "../api/failures";
import { Resource } from "../api/resource";
import { deleteView, getView, listViews, type SavedView, saveView } from "../api/views";
import { changeQuery, replaceQuery, route } from "../app/location";
import { Dialog } from "../ui/dialog";
import { moment } from "../ui/format";
import { Damaged, FORMAT, namedBy, queryOf, stateOf, viewIdIn } from "./state";

type Question = "save" | "delete";

export function ViewsMenu({ experimentId }: { experimentId: string }) {
  const found = useMemo(() => new Resource<readonly SavedView[]>(), [experimentId]);
  const question = useSignal<Question | undefined>(undefined);
  const failure = useSignal("");
  const ask = () => found.ask((abort) => listViews(experimentId, abort));
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, [experimentId]);

  const views = found.state.value.answer ?? [];
  const now = views.find(({ view_id }) => view_id === viewIdIn(route.value.query));
  const open = async (viewId: string) => {
    failure.value = "";
    try {
      if (viewId) replaceQuery(queryOf(await getView(experimentId, viewId)));
      else replaceQuery(new URLSearchParams());
    } catch (error) {
      failure.value = told(error);
      // It is the chosen one, so that it can be deleted or saved anew.
      if (error instanceof Damaged) changeQuery({ saved: viewId });
    }
  };
  const { failure: notListed } = found.state.value;
  const why = failure.value || (notListed ? `The saved views cannot be listed: ${told(notListed)}` : "");
  return (
    <div class="views">
      {views.length > 0 && (
        <label class="check">
          View
          <select value={now?.view_id ?? ""} onChange={(event) => void open(event.currentTarget.value)}>
            <option value="">no saved one</option>
            {views.map((view) => (
              <option
                key={view.view_id}
                value={view.view_id}
                title={`${view.updated_by ?? ""} ${moment(view.updated)}`}
              >
                {view.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" onClick={() => (question.value = "save")}>
        Save view
      </button>
      {now && (
        <button type="button" class="plain" onClick={() => (question.value = "delete")}>
          Delete view
        </button>
      )}
      {why && (
        <span class="failure" role="alert">
          {why}
        </span>
      )}
      {question.value === "save" && (
        <Save {...{ experimentId, now }} onDone={ask} onClose={() => (question.value = undefined)} />
      )}
      {question.value === "delete" && now && (
        <Delete {...{ experimentId, now }} onDone={ask} onClose={() => (question.value = undefined)} />
      )}
    </div>
  );
}

interface Asking {
  readonly experimentId: string;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

function Save({ experimentId, now, onDone, onClose }: Asking & { now: SavedView | undefined }) {
  const name = useSignal(now?.name ?? "");
  const isNew = useSignal(!now);
  const save = async () => {
    const over = now && !isNew.value ? { over: now } : {};
    const { query } = route.peek();
    const saved = await saveView(experimentId, {
      name: name.value.trim(),
      state: stateOf(query),
      format: FORMAT,
      ...over,
    });
    await onDone();
    replaceQuery(namedBy(saved.view_id, route.peek().query));
  };
  return (
    <Dialog title="Save this view" action="Save" onAct={save} onClose={onClose}>
      <label>
        Name
        <input
          value={name.value}
          maxLength={200}
          required
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      {now && (
        <label class="check">
          <input
            type="checkbox"
            checked={isNew.value}
            onChange={(event) => (isNew.value = event.currentTarget.checked)}
          />
          As a new view, beside “{now.name}”
        </label>
      )}
      <p class="hint">Filter, order, columns and grouping are kept. All who may read the experiment see the view.</p>
    </Dialog>
  );
}

function Delete({ experimentId, now, onDone, onClose }: Asking & { now: SavedView }) {
  const remove = async () => {
    await deleteView(experimentId, now.view_id);
    await onDone();
  };
  return (
    <Dialog title={`Delete the view ${now.name}?`} action="Delete" isDangerous onAct={remove} onClose={onClose}>
      <p>The runs stay. Links to what the view shows go on working.</p>
    </Dialog>
  );
}
