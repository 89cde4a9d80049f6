import { expect, test } from "vitest";
import { formatRoute, parseRoute } from "./route";

test("a query reads well, and is the same when it is read again", () => {
  const query = new URLSearchParams({ columns: "name!~240,m.val/loss@min", filter: "a = 'x' & b+c #1 100% %2C `d`" });

  const hash = formatRoute(["experiments"], query);

  expect(hash).toContain("columns=name!~240,m.val/loss@min&filter=a+=+%27x%27");
  expect([...parseRoute(hash).query]).toEqual([...query]);
});

test("a route is its path and its query", () => {
  const route = parseRoute("#/experiments/7/runs?filter=a%20%3D%201&column=x&column=y");

  expect(route.path).toEqual(["experiments", "7", "runs"]);
  expect(route.query.get("filter")).toBe("a = 1");
  expect(route.query.getAll("column")).toEqual(["x", "y"]);
});

test("what is formatted is parsed as it was", () => {
  const path = ["models", "a/b ü?#%"];
  const query = new URLSearchParams([["filter", "params.`a` = '?&#'"]]);

  const route = parseRoute(formatRoute(path, query));

  expect(route.path).toEqual(path);
  expect(route.query.toString()).toBe(query.toString());
});

test.each(["", "#", "#/", "#//"])("%j is the first page", (hash) => {
  expect(parseRoute(hash).path).toEqual([]);
});

test("a path that is wrongly encoded stays as it is", () => {
  expect(parseRoute("#/%E0%A4%A").path).toEqual(["%E0%A4%A"]);
});
