import { expect, test } from "vitest";
import type { Run } from "../api/run";
import { rootOf } from "./files";

test.each([
  ["mlflow-artifacts:/7/r/artifacts", "7/r/artifacts/"],
  ["s3://bucket/7/r/artifacts", "7/r/artifacts/"],
  ["gs://elsewhere/7/r/artifacts", undefined],
  ["mlflow-artifacts:/8/other/artifacts", undefined],
])("files at %s lie at %s", (uri, root) => {
  expect(rootOf({ info: { experiment_id: "7", run_id: "r", artifact_uri: uri } } as Run)).toBe(root);
});
