// Which page a route shows. What few visits need is loaded when it is asked for.

import type { JSX } from "preact";
import { Experiments } from "../experiments/page";
import { RunsPage } from "../runs/page";
import { later } from "../ui/later";
import { Notice } from "../ui/notice";
import type { Route } from "./route";

const Compare = later(async () => (await import("../compare/page")).Compare);
const RunPage = later(async () => (await import("../run/page")).RunPage);
const Tokens = later(async () => (await import("../tokens/page")).Tokens);

export function page(route: Route): JSX.Element {
  const [place = "experiments", id, view = "runs", run, tab = "overview"] = route.path;
  if (place === "tokens" && !id) return <Tokens />;
  if (place !== "experiments") return <NoPage />;
  if (!id) return <Experiments />;
  if (view === "compare") return <Compare experimentId={id} />;
  if (view !== "runs") return <NoPage />;
  return run ? <RunPage key={run} experimentId={id} runId={run} tab={tab} /> : <RunsPage experimentId={id} />;
}

function NoPage() {
  return (
    <Notice title="There is no such page">
      <p>
        The address may have been cut. <a href="#/">Go to the experiments</a>
      </p>
    </Notice>
  );
}
