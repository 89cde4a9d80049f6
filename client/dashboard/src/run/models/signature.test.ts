import { expect, test } from "vitest";
import { columnsOf, versionsOf } from "./signature";

test("columns, tensors and params have a name and a type", () => {
  const signature = {
    inputs: [
      { name: "width", type: "double", required: true },
      { name: "note", type: "string", required: false },
    ],
    outputs: [{ type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 10] } }],
    params: [{ name: "k", type: "long", default: 5, shape: null }],
  };

  expect(columnsOf(signature, "inputs")).toEqual([
    { name: "width", type: "double" },
    { name: "note", type: "string, optional" },
  ]);
  expect(columnsOf(signature, "outputs")).toEqual([{ name: "0", type: "float32[-1,10]" }]);
  expect(columnsOf(signature, "params")).toEqual([{ name: "k", type: "long = 5" }]);
});

test("what is no signature has no columns", () => {
  expect([columnsOf(undefined, "inputs"), columnsOf({ inputs: "x" }, "inputs")]).toEqual([[], []]);
  expect(columnsOf({ inputs: [null, 3] }, "inputs").map(({ name }) => name)).toEqual(["0", "1"]);
});

test("versions are read from the tag, if it holds any", () => {
  const tag = (value: string) => [{ key: "mlflow.modelVersions", value }];

  expect(versionsOf(tag('[{"name": "wine", "version": 3}]'))).toEqual([{ name: "wine", version: "3" }]);
  expect(versionsOf(tag('[{"name": "wine", "version": 3}, {"name": "wine", "version": "3"}]'))).toHaveLength(1);
  expect([versionsOf(tag("{")), versionsOf(tag("3")), versionsOf([])]).toEqual([[], [], []]);
});
