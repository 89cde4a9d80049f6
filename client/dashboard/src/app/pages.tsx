// Which page a route shows. What few visits need is loaded when it is asked for.

import type { JSX } from "preact";
import { Compare } from "../compare/page";
import { Experiments } from "../experiments/page";
import { Tokens } from "../tokens/page";
import { Notice } from "../ui/notice";
import type { Route } from "./route";

export function page(route: Route): JSX.Element {
  const [place = "experiments", ...rest] = route.path;
  if (place === "experiments" && rest.length === 0) return <Experiments />;
  const [id = "", view = ""] = rest;
  if (place === "experiments" && view === "compare") return <Compare experimentId={id} />;
  if (place === "tokens" && rest.length === 0) return <Tokens />;
  return (
    <Notice title="There is no such page">
      <p>
        The address may have been cut. <a href="#/">Go to the experiments</a>
      </p>
    </Notice>
  );
}
