// The drawings of the compared runs, and what each of them shows.

import { chooseInQuery, replaceQuery, route } from "../app/location";
import { Notice } from "../ui/notice";
import { AxesChoice, FieldChoice, LogChoice } from "./choices";
import { Code } from "./code";
import { Curves } from "./curves";
import { type Axis, axisOf } from "./data/axes";
import { differs, type Field, isNumeric, ordered, varies } from "./data/fields";
import type { Compared } from "./data/table";
import { Differences } from "./differences";
import { Boxes } from "./drawings/boxes";
import { Contour } from "./drawings/contour";
import { Parallel } from "./drawings/parallel";
import { Scatter } from "./drawings/scatter";
import { Images } from "./images";

// More axes beside each other cannot be told apart.
const MOST_AXES = 8;
const METRICS_AT_FIRST = 2;

interface Props {
  readonly compared: Compared;
  readonly experimentId: string;
  readonly hrefOf: (run: number) => string;
}

export function View({ tab, ...props }: Props & { tab: string }) {
  if (tab === "curves") return <Curves compared={props.compared} />;
  if (tab === "code") return <Code {...props} />;
  if (tab === "images") return <Images {...props} />;
  const Shown = DRAWINGS.get(tab);
  return Shown ? <Shown {...props} /> : <Differences compared={props.compared} hrefOf={props.hrefOf} />;
}

const DRAWINGS = new Map([
  ["scatter", ScatterView],
  ["parallel", ParallelView],
  ["boxes", BoxesView],
  ["contour", ContourView],
]);

/** The fields that may be shown: what differs, by kind. */
function among(compared: Compared) {
  const all = ordered(compared.fields.filter(differs));
  const of = (...kinds: readonly string[]) => all.filter((field) => kinds.includes(field.kind));
  return {
    all,
    params: of("params").filter(varies),
    metrics: of("metrics"),
    names: of("params", "tags"),
    numbers: numbersOf(all),
  };
}

function numbersOf(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.kind !== "attributes" && isNumeric(field));
}

/** The field that the address names; else the one to begin with, or the first of those that there are. */
function picked(name: string, fields: readonly Field[], first = fields[0]): Field | undefined {
  const wanted = route.value.query.get(name);
  return fields.find((field) => field.column === wanted) ?? first ?? fields[0];
}

function axis(field: Field, name?: string): Axis {
  const wanted = name ? route.value.query.get(name) : null;
  return axisOf(field, wanted === null ? undefined : wanted === "1");
}

function Choice(props: { name: string; title: string; fields: readonly Field[]; now: Field | undefined }) {
  const { name, title, fields, now } = props;
  return <FieldChoice title={title} fields={fields} now={now} onChoose={(column) => chooseInQuery(name, column)} />;
}

function NoNumber() {
  return (
    <Notice title="These runs differ in no number">
      <p>Log a metric or a numeric param, or choose other runs.</p>
    </Notice>
  );
}

function ScatterView({ compared, hrefOf }: Props) {
  const { all, numbers, metrics } = among(compared);
  const [x, y, colour] = [picked("x", all), picked("y", numbers, metrics[0]), picked("z", metrics)];
  if (!x || !y) return <NoNumber />;
  const [across, up] = [axis(x, "logx"), axis(y, "logy")];
  return (
    <>
      <div class="bar">
        <Choice name="x" title="Across" fields={all} now={x} />
        <Choice name="y" title="Up" fields={numbers} now={y} />
        <Choice name="z" title="Colour" fields={metrics} now={colour} />
        <LogChoice x={across} y={up} onChoose={chooseInQuery} />
      </div>
      <Scatter compared={compared} x={across} y={up} colour={colour && axis(colour)} hrefOf={hrefOf} />
    </>
  );
}

function ContourView({ compared, hrefOf }: Props) {
  const { numbers, metrics } = among(compared);
  const [x, height] = [picked("x", numbers), picked("z", metrics)];
  const y = picked(
    "y",
    numbers.filter((field) => field !== x),
  );
  if (!x || !y || !height) return <NoNumber />;
  const [across, up] = [axis(x, "logx"), axis(y, "logy")];
  return (
    <>
      <div class="bar">
        <Choice name="x" title="Across" fields={numbers} now={x} />
        <Choice name="y" title="Up" fields={numbers} now={y} />
        <Choice name="z" title="Height" fields={metrics} now={height} />
        <LogChoice x={across} y={up} onChoose={chooseInQuery} />
      </div>
      <Contour compared={compared} x={across} y={up} height={axis(height)} hrefOf={hrefOf} />
    </>
  );
}

function BoxesView({ compared, hrefOf }: Props) {
  const { names, numbers, metrics } = among(compared);
  // A group of one run each says nothing.
  const few = names.filter((field) => varies(field) && new Set(field.values).size < compared.ids.length);
  const [by, y] = [picked("by", few), picked("y", numbers, metrics[0])];
  if (!by || !y) return <NoNumber />;
  const up = axis(y, "logy");
  return (
    <>
      <div class="bar">
        <Choice name="by" title="By" fields={few} now={by} />
        <Choice name="y" title="Up" fields={numbers} now={y} />
        <LogChoice y={up} onChoose={chooseInQuery} />
      </div>
      <Boxes compared={compared} by={by} y={up} hrefOf={hrefOf} />
    </>
  );
}

function chooseAxes(columns: readonly string[]): void {
  const query = new URLSearchParams(route.peek().query);
  query.delete("axis");
  for (const column of columns) query.append("axis", column);
  replaceQuery(query);
}

function ParallelView({ compared, hrefOf }: Props) {
  const { all, params, metrics } = among(compared);
  const wanted = route.value.query.getAll("axis");
  const colour = picked("z", metrics);
  // What a line ends at is what it is coloured by.
  const shown = [
    ...metrics.filter((field) => field !== colour).slice(0, METRICS_AT_FIRST - 1),
    ...(colour ? [colour] : []),
  ];
  const first = [...params.slice(0, MOST_AXES - shown.length), ...shown];
  const fields = wanted.length ? all.filter((field) => wanted.includes(field.column)).slice(0, MOST_AXES) : first;
  if (first.length < 2) return <NoNumber />;
  return (
    <>
      <div class="bar">
        <Choice name="z" title="Colour" fields={metrics} now={colour} />
        <AxesChoice fields={all} now={fields} most={MOST_AXES} onChoose={chooseAxes} />
      </div>
      <Parallel
        compared={compared}
        axes={fields.map((field) => axis(field))}
        colour={colour && axis(colour)}
        hrefOf={hrefOf}
      />
    </>
  );
}
