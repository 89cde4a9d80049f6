import { expect, test } from "vitest";
import type { Run } from "../../api/run";
import { details, ownTags, params, systemTags, taken } from "./facts";

const INFO: Run["info"] = {
  run_uuid: "r",
  run_id: "r",
  run_name: "first",
  experiment_id: "7",
  user_id: "ada",
  status: "FINISHED",
  start_time: 1_000,
  end_time: 6_000,
  artifact_uri: "mlflow-artifacts:/7/r/artifacts",
  lifecycle_stage: "active",
};

function run(info: Partial<Run["info"]>, tags: Record<string, string> = {}): Run {
  const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return { info: { ...INFO, ...info }, data: { tags: pairs }, inputs: {} };
}

test("the tags of people and those of clients are apart, in the order of their names", () => {
  const tagged = run(
    {},
    { b10: "1", b9: "2", "mlflow.user": "ada", "cumulog.seed.numpy": "1", "mlflow.note.content": "n" },
  );

  expect(ownTags(tagged).map(({ key }) => key)).toEqual(["b9", "b10"]);
  expect(systemTags(tagged).map(({ key }) => key)).toEqual(["cumulog.seed.numpy", "mlflow.user"]);
});

test("what is not known is no detail", () => {
  const labels = details(run({ end_time: 0 }), 9_000).map(({ label }) => label);

  expect(labels).not.toContain("Ended");
  expect(labels).not.toContain("Commit");
});

test("a commit says whether there were changes", () => {
  const facts = details(run({}, { "mlflow.source.git.commit": "abc", "mlflow.source.git.dirty": "true" }), 0);

  expect(facts.find(({ label }) => label === "Commit")).toMatchObject({ value: "abc", remark: "with changes" });
});

test.each([
  [{}, "5 s"],
  [{ status: "RUNNING", end_time: 0 }, "8 s"],
  [{ status: "SCHEDULED", end_time: 0 }, ""],
  [{ start_time: 0 }, ""],
])("a run with %j took %j", (info, text) => {
  expect(taken(run(info), 9_000)).toBe(text);
});

test("a run without params has none", () => {
  expect(params(run({}))).toEqual([]);
});
