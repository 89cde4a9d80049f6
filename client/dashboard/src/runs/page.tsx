// The runs of an experiment, if it is there and may be seen.

import { useEffect, useMemo } from "preact/hooks";
import { type Experiment, getExperiment, restoreExperiment } from "../api/experiments";
import { ApiError, told } from "../api/failures";
import { Resource } from "../api/resource";
import { Failure, Notice } from "../ui/notice";
import { ViewsMenu } from "../views/menu";
import { Header } from "./header";
import { RunsTable } from "./runs";

export function RunsPage({ experimentId }: { experimentId: string }) {
  const found = useMemo(() => new Resource<Experiment>(), [experimentId]);
  const ask = () => found.ask((abort) => getExperiment(experimentId, abort));
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, [experimentId]);

  const { answer, failure } = found.state.value;
  if (failure) return <Missing experimentId={experimentId} failure={failure} again={ask} />;
  if (answer?.lifecycle_stage === "deleted") return <Deleted experiment={answer} again={ask} />;
  return (
    <div class="fills">
      {answer ? <Header experiment={answer} /> : <header class="experiment" />}
      <ViewsMenu experimentId={experimentId} />
      <RunsTable key={experimentId} experimentId={experimentId} experiment={answer} />
    </div>
  );
}

function Missing(props: { experimentId: string; failure: unknown; again: () => void }) {
  const { experimentId, failure, again } = props;
  const status = failure instanceof ApiError ? failure.status : 0;
  // An id that can be none is refused.
  if (status === 404 || status === 400) {
    return (
      <Notice title="There is no such experiment">
        <p>
          No experiment that you may see has the id {experimentId}. It may have been deleted for good, or the address
          may have been cut.
        </p>
        <All />
      </Notice>
    );
  }
  if (status === 403) {
    return (
      <Notice title="You may not see this experiment">
        <p>Ask somebody who manages experiment {experimentId} to let you read it.</p>
        <All />
      </Notice>
    );
  }
  return <Failure failure={failure} again={again} />;
}

function Deleted({ experiment, again }: { experiment: Experiment; again: () => void }) {
  const restore = async () => {
    await restoreExperiment(experiment.experiment_id);
    again();
  };
  const restored = useMemo(() => new Resource<void>(), []);
  const { failure } = restored.state.value;
  return (
    <Notice title={`${experiment.name} is deleted`}>
      <p>Its runs come back with it.</p>
      {failure ? <p class="failure">{told(failure)}</p> : null}
      <p>
        <button type="button" class="primary" onClick={() => restored.ask(restore)}>
          Restore it
        </button>
      </p>
      <All />
    </Notice>
  );
}

function All() {
  return (
    <p>
      <a href="#/experiments">Go to the experiments</a>
    </p>
  );
}
