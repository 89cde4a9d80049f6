// Several runs beside each other. Which ones, and how they are shown, lies in the address.

import { useEffect, useMemo } from "preact/hooks";
import { Resource } from "../api/resource";
import { chooseInQuery, route } from "../app/location";
import { formatRoute } from "../app/route";
import { Failure, Notice } from "../ui/notice";
import { loadCompared } from "./data/loading";
import { type Compared, MOST_RUNS, parseIds } from "./data/table";
import { View } from "./views";

const TABS = [
  ["differences", "Differences"],
  ["curves", "Curves"],
  ["scatter", "Scatter"],
  ["parallel", "Parallel"],
  ["boxes", "Boxes"],
  ["contour", "Contour"],
  ["images", "Images"],
  ["code", "Code"],
] as const;

export function Compare({ experimentId }: { experimentId: string }) {
  const found = useMemo(() => new Resource<Compared>(), []);
  const text = route.value.query.get("runs") ?? "";
  const all = parseIds(text);
  const ids = all.slice(0, MOST_RUNS);
  const ask = () => found.ask((abort) => loadCompared(experimentId, ids, abort));
  useEffect(() => {
    if (ids.length > 1) void ask();
    return () => found.stop();
  }, [experimentId, text]);

  const tab = route.value.query.get("tab") ?? TABS[0][0];
  const { answer, failure, isAsking } = found.state.value;
  if (ids.length < 2) return <NothingChosen experimentId={experimentId} />;
  if (failure) return <Failure failure={failure} again={ask} />;
  if (!answer) return isAsking ? <p class="hint">Reading {ids.length} runs …</p> : null;
  if (answer.ids.length < 2) return <Gone experimentId={experimentId} missing={answer.missing.length} />;
  return (
    <>
      <div class="heading">
        <h1>Compare {answer.ids.length} runs</h1>
        <a href={formatRoute(["experiments", experimentId, "runs"])}>All runs of the experiment</a>
      </div>
      {all.length > MOST_RUNS && (
        <p class="away">
          The first {MOST_RUNS} of {all.length} runs are compared: more cannot be told apart.
        </p>
      )}
      {answer.missing.length > 0 && (
        <p class="away">{answer.missing.length} of the runs do not exist, or you may not see them.</p>
      )}
      <Tabs tab={tab} />
      <View
        tab={tab}
        experimentId={experimentId}
        compared={answer}
        hrefOf={(run) => formatRoute(["experiments", experimentId, "runs", answer.ids[run] ?? ""])}
      />
    </>
  );
}

function NothingChosen({ experimentId }: { experimentId: string }) {
  return (
    <Notice title="Choose two runs or more">
      <p>
        Mark them in <a href={formatRoute(["experiments", experimentId, "runs"])}>the table of runs</a>, then “Compare”.
      </p>
    </Notice>
  );
}

function Gone({ experimentId, missing }: { experimentId: string; missing: number }) {
  return (
    <Notice title="There are no two runs to compare">
      <p>
        {missing} of the runs do not exist in this experiment, or you may not see them.{" "}
        <a href={formatRoute(["experiments", experimentId, "runs"])}>Choose others</a>
      </p>
    </Notice>
  );
}

function Tabs({ tab }: { tab: string }) {
  return (
    <div class="tabs" role="tablist">
      {TABS.map(([name, title]) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={tab === name}
          onClick={() => chooseInQuery("tab", name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
