// All experiments: search, create, rename, delete, restore.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import {
  createExperiment,
  deleteExperiment,
  type Experiment,
  type ExperimentsPage,
  renameExperiment,
  restoreExperiment,
  searchExperiments,
  type ViewType,
} from "../api/experiments";
import { Resource } from "../api/resource";
import { chooseInQuery, go, route } from "../app/location";
import { formatRoute } from "../app/route";
import { now } from "../ui/clock";
import { Dialog } from "../ui/dialog";
import { ago, moment } from "../ui/format";
import { Failure, Notice, Snippet } from "../ui/notice";

type Question =
  | { readonly kind: "create" }
  | { readonly kind: "rename" | "delete" | "restore"; readonly experiment: Experiment };

export function Experiments() {
  const found = useMemo(() => new Resource<ExperimentsPage>(), []);
  const question = useSignal<Question | undefined>(undefined);
  const { query } = route.value;
  const text = query.get("search") ?? "";
  const view: ViewType = query.get("view") === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY";

  const ask = () => found.ask((abort) => searchExperiments(text, view, "", abort));
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, [text, view]);

  const { answer, failure, isAsking } = found.state.value;
  return (
    <>
      <div class="heading">
        <h1>Experiments</h1>
        <button type="button" class="primary" onClick={() => (question.value = { kind: "create" })}>
          New experiment
        </button>
      </div>
      <Filter text={text} view={view} />
      {failure ? <Failure failure={failure} again={ask} /> : null}
      {answer?.experiments.length === 0 && <Nothing isFiltered={text !== "" || view !== "ACTIVE_ONLY"} />}
      {answer && answer.experiments.length > 0 && (
        <List experiments={answer.experiments} isBusy={isAsking} onAsk={(asked) => (question.value = asked)} />
      )}
      {answer?.next && <More found={found} text={text} view={view} next={answer.next} />}
      {question.value && <Ask question={question.value} onDone={ask} onClose={() => (question.value = undefined)} />}
    </>
  );
}

function Filter({ text, view }: { text: string; view: ViewType }) {
  return (
    <search class="bar">
      <input
        type="search"
        placeholder="Search by name"
        aria-label="Search by name"
        value={text}
        onInput={(event) => chooseInQuery("search", event.currentTarget.value)}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={view === "DELETED_ONLY"}
          onChange={(event) => chooseInQuery("view", event.currentTarget.checked ? "deleted" : "")}
        />
        Deleted ones
      </label>
    </search>
  );
}

function List(props: { experiments: readonly Experiment[]; isBusy: boolean; onAsk: (question: Question) => void }) {
  return (
    <table class="list" aria-busy={props.isBusy}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Changed</th>
          <th class="created">Created</th>
          <th>
            <span class="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.experiments.map((each) => (
          <Row key={each.experiment_id} experiment={each} onAsk={props.onAsk} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ experiment, onAsk }: { experiment: Experiment; onAsk: (question: Question) => void }) {
  const isDeleted = experiment.lifecycle_stage === "deleted";
  return (
    <tr>
      <td>
        <a href={formatRoute(["experiments", experiment.experiment_id, "runs"])}>{experiment.name}</a>
      </td>
      <td title={moment(experiment.last_update_time)}>{ago(experiment.last_update_time, now.value)}</td>
      <td class="created" title={moment(experiment.creation_time)}>
        {ago(experiment.creation_time, now.value)}
      </td>
      <td class="actions">
        {isDeleted ? (
          <button type="button" onClick={() => onAsk({ kind: "restore", experiment })}>
            Restore
          </button>
        ) : (
          <>
            <button type="button" onClick={() => onAsk({ kind: "rename", experiment })}>
              Rename
            </button>
            <button type="button" onClick={() => onAsk({ kind: "delete", experiment })}>
              Delete
            </button>
          </>
        )}
      </td>
    </tr>
  );
}

function More(props: { found: Resource<ExperimentsPage>; text: string; view: ViewType; next: string }) {
  const before = props.found.state.value.answer?.experiments ?? [];
  const ask = () =>
    props.found.ask(async (abort) => {
      const page = await searchExperiments(props.text, props.view, props.next, abort);
      return { experiments: [...before, ...page.experiments], next: page.next };
    });
  return (
    <button type="button" class="more" onClick={ask}>
      Show more
    </button>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Notice title="No experiment matches" />;
  return (
    <Notice title="There is no experiment yet">
      <p>Log the first run:</p>
      <Snippet
        lines={["import cumulog", `cumulog.set_tracking_uri("${location.origin}")`, 'cumulog.log_metric("loss", 0.5)']}
      />
    </Notice>
  );
}

function Ask({ question, onDone, onClose }: { question: Question; onDone: () => Promise<void>; onClose: () => void }) {
  const name = useSignal(question.kind === "rename" ? question.experiment.name : "");
  const field = (
    <label>
      Name
      <input value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} required />
    </label>
  );
  switch (question.kind) {
    case "create":
      return (
        <Dialog
          title="New experiment"
          action="Create"
          onAct={async () => go(["experiments", await createExperiment(name.value.trim()), "runs"])}
          onClose={onClose}
        >
          {field}
        </Dialog>
      );
    case "rename":
      return (
        <Dialog
          title={`Rename ${question.experiment.name}`}
          action="Rename"
          onAct={async () => {
            await renameExperiment(question.experiment.experiment_id, name.value.trim());
            await onDone();
          }}
          onClose={onClose}
        >
          {field}
        </Dialog>
      );
    case "delete":
      return (
        <Dialog
          title={`Delete ${question.experiment.name}?`}
          action="Delete"
          isDangerous
          onAct={async () => {
            await deleteExperiment(question.experiment.experiment_id);
            await onDone();
          }}
          onClose={onClose}
        >
          <p>Its runs are deleted with it. You find it under “Deleted ones”, and can restore it from there.</p>
        </Dialog>
      );
    case "restore":
      return (
        <Dialog
          title={`Restore ${question.experiment.name}?`}
          action="Restore"
          onAct={async () => {
            await restoreExperiment(question.experiment.experiment_id);
            await onDone();
          }}
          onClose={onClose}
        >
          <p>Its runs come back with it.</p>
        </Dialog>
      );
  }
}
