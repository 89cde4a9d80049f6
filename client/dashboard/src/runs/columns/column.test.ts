import { expect, test } from "vitest";
import { columnOf, filterName, orderOf, withPart } from "./column";

const needs = (id: string) => columnOf(id)?.needs;
const order = (id: string) => {
  const column = columnOf(id);
  return column && orderOf(column);
};

test("an id names what the server is asked for", () => {
  expect(needs("status")).toEqual(["attributes.status"]);
  expect(needs("duration")).toEqual(["attributes.start_time", "attributes.end_time"]);
  expect(needs("m.val/loss")).toEqual(["metrics.val/loss"]);
  expect(needs("m.val/loss@min_step")).toEqual(["metrics.val/loss@min_step"]);
  expect(needs("p.optim.lr")).toEqual(["params.optim.lr"]);
  expect(needs("t.mlflow.user")).toEqual(["tags.mlflow.user"]);
});

test.each(["", "nonsense", "m.", "m.loss@best", "m.@min", "x.loss", "toString", "constructor.name"])(
  "%s names no column",
  (id) => {
    expect(columnOf(id)).toBeUndefined();
  },
);

test("a metric's column can show another of its values", () => {
  const column = columnOf("m.loss@min");

  expect(column && withPart(column, "max_step")).toBe("m.loss@max_step");
  expect(column && withPart(column, "")).toBe("m.loss");
});

test("the server orders by last values and attributes, not by what is computed", () => {
  expect(order("m.val/loss")).toBe("metrics.`val/loss`");
  expect(order("t.team")).toBe("tags.`team`");
  expect(order("start")).toBe("attributes.start_time");
  expect(order("duration")).toBeUndefined();
  expect(order("m.loss@min")).toBeUndefined();
  expect(order('p.a"b')).toBeUndefined();
});

test("a filter writes odd names in backticks", () => {
  expect(filterName("metric", "loss")).toBe("metrics.loss");
  expect(filterName("param", "optim.lr")).toBe("params.optim.lr");
  expect(filterName("metric", "val/loss")).toBe("metrics.`val/loss`");
  expect(filterName("tag", "größe")).toBe("tags.`größe`");
  expect(filterName("attribute", "status")).toBe("attributes.status");
});
