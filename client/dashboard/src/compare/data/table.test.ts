import { expect, test } from "vitest";
import type { WholeReply } from "../../api/columns";
import { parseIds, put } from "./table";

const A = "a".repeat(32);
const B = "b".repeat(32);
const C = "c".repeat(32);

function reply(ids: string[], columns: WholeReply["columns"]): WholeReply {
  return { run_ids: ids, columns, etag: "", cursor: "" };
}

test("replies are put together in the order in which the runs were asked for", () => {
  const first = reply([B, A], { "attributes.run_name": ["bee", null], "params.lr": ["2", "1"] });
  const second = reply([A, B], { "metrics.loss": [0.1, 0.2], "tags.none": [null, null] });

  const compared = put([A, B, C], [first, second], 0);

  expect(compared.ids).toEqual([A, B]);
  expect(compared.names).toEqual(["aaaaaaaa", "bee"]);
  expect(compared.fields.map((field) => [field.column, field.values])).toEqual([
    ["params.lr", ["1", "2"]],
    ["metrics.loss", [0.1, 0.2]],
  ]);
  expect(compared.missing).toEqual([C]);
});

test("only what may be an id is taken from an address, each once", () => {
  expect(parseIds(`${A},x' OR 1,${B},${A}`)).toEqual([A, B]);
  expect(parseIds("")).toEqual([]);
});
