import { expect, test } from "vitest";
import type { Curve, CurvesReply, SeriesQuestion } from "../../api/curves";
import { ApiError } from "../../api/failures";
import { LiveCurves } from "./live";

const QUESTION = { runs: ["r"], keys: ["loss"], x: "step", points: 4 } as const;

function points(run: string, ...xs: number[]): Curve {
  const x = Float64Array.from(xs);
  return { run, key: "loss", exact: true, start: x, end: x, last: x, min: x, max: x };
}

function reply(since: string, curves: readonly Curve[], left: readonly string[] = []): CurvesReply {
  return { curves, left, since, missingRuns: ["gone"], missingKeys: [] };
}

/** Answers one reply after the other, and keeps what it was asked. */
function answering(...replies: (CurvesReply | Error)[]) {
  const asked: SeriesQuestion[] = [];
  const ask = async (question: SeriesQuestion): Promise<CurvesReply> => {
    asked.push(question);
    const next = replies.shift();
    if (!next || next instanceof Error) throw next ?? new Error("asked too often");
    return next;
  };
  return { asked, ask };
}

test("what is new joins what is there", async () => {
  const { asked, ask } = answering(reply("a", [points("r", 0, 1)]), reply("b", [points("r", 1, 2)]));
  const live = new LiveCurves(ask, QUESTION);

  await live.ask();
  await live.ask();

  expect(asked.map(({ since }) => since)).toEqual([undefined, "a"]);
  expect([...(live.state.value.curves.get("loss")?.get("r")?.start ?? [])]).toEqual([0, 1, 2]);
  expect(live.state.value.missingRuns).toEqual(["gone"]);
});

test("without news nothing changes, so nothing is drawn", async () => {
  const { ask } = answering(reply("a", [points("r", 0)]), reply("b", []));
  const live = new LiveCurves(ask, QUESTION);
  await live.ask();
  const before = live.state.value;

  await live.ask();

  expect(live.state.value).toBe(before);
});

test("runs that are left are asked for at once", async () => {
  const { asked, ask } = answering(reply("a", [points("r", 0)], ["s"]), reply("b", [points("s", 5)]));
  const live = new LiveCurves(ask, { ...QUESTION, runs: ["r", "s"] });

  await live.ask();

  expect(asked.length).toBe(2);
  expect([...(live.state.value.curves.get("loss")?.keys() ?? [])]).toEqual(["r", "s"]);
});

test("a curve that grows stays within twice its points", async () => {
  const many = Array.from({ length: 50 }, (_, at) => at + 1);
  const { ask } = answering(reply("a", [points("r", 0)]), reply("b", [points("r", ...many)]));
  const live = new LiveCurves(ask, QUESTION);

  await live.ask();
  await live.ask();

  const curve = live.state.value.curves.get("loss")?.get("r");
  expect(curve?.start.length).toBeLessThanOrEqual(8);
  expect([curve?.start[0], curve?.end.at(-1)]).toEqual([0, 50]);
});

test("after a failure the curves stay, and the next answer takes the failure away", async () => {
  const refused = new ApiError(400, "INVALID_PARAMETER_VALUE", "no such cursor");
  const { asked, ask } = answering(reply("a", [points("r", 0)]), refused, reply("b", [points("r", 0, 1)]));
  const live = new LiveCurves(ask, QUESTION);

  await live.ask();
  await live.ask();
  expect(live.state.value.failure).toBe(refused);
  await live.ask();

  expect(asked.at(-1)?.since).toBeUndefined();
  expect(live.state.value.failure).toBeUndefined();
  expect([...(live.state.value.curves.get("loss")?.get("r")?.start ?? [])]).toEqual([0, 1]);
});
