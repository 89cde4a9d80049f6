import { expect, test } from "vitest";
import { readParquet } from "./parquet";

// Three rows that pyarrow wrote with Zstandard: a number, a text, a struct and a list, each once missing.
const FILE = Buffer.from(
  [
    "UEFSMRUEFSAVMkwVBBUAEgAAKLUv/SAQgQAAAQAAAAAAAAACAAAAAAAAABUAFRIVJCwVBhUQFQYVBhwAAAAotS/9IAlJAAACAAAA",
    "AwMBAwIVBBUgFTJMFQYVABIAACi1L/0gEIEAAAEAAABhAQAAAGICAAAAw7wVABUUFSYsFQYVEBUGFQYcAAAAKLUv/SAKUQAAAgAA",
    "AAYBAgMkABUEFRAVIkwVAhUAEgAAKLUv/SAIQQAAAAAAAAAA+D8VABUUFSYsFQYVEBUGFQYcAAAAKLUv/SAKUQAAAwAAAAMGAAEC",
    "ABUEFSAVMkwVBBUAEgAAKLUv/SAQgQAAAgAAAAAAAAADAAAAAAAAABUAFRQVJiwVBhUQFQYVBhwAAAAotS/9IApRAAADAAAAAwoA",
    "AQMCFQQVIBUyTBUEFQASAAAotS/9IBCBAAABAAAAAAAAAAIAAAAAAAAAFQAVIBUyLBUIFRAVBhUGHAAAACi1L/0gEIEAAAIAAAAD",
    "AgMAAAADHwABAwIVBBmcNQAYBnNjaGVtYRUIABUEJQIYAW4AFQwlAhgEdGV4dCUATBwAAAA1AhgFcG9pbnQVBAAVCiUCGAF4ABUE",
    "JQIYAXkANQIYBGxpc3QVAhUGTDwAAAA1BBgEbGlzdBUCABUEJQIYB2VsZW1lbnQAFgYZHBlcJgAcFQQZNQAGEBkYAW4VDBYGFnQW",
    "mAEmViYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAgQAAAAmABwVDBk1AAYQGRgEdGV4dBUMFgYWdhaaASbuASagASksFQQVABUCABUA",
    "FRAVAgA8FggZBhkmAAYAAAAmABwVChk1AAYQGSgFcG9pbnQBeBUMFgYWZhaKASb4Aia6AiksFQQVABUCABUAFRAVAgA8KQYZNgIC",
    "AgAAACYAHBUEGTUABhAZKAVwb2ludAF5FQwWBhZ2FpoBJpIEJsQDKSwVBBUAFQIAFQAVEBUCADwpBhk2AgAEAAAAJgAcFQQZNQAG",
    "EBk4BGxpc3QEbGlzdAdlbGVtZW50FQwWCBaCARamASasBSbeBCksFQQVABUCABUAFRAVAgA8KSYGAhlGAgIABAAAABbIBBYGJggW",
    "/AUAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRlcHAAAHAAAHAAAHAAAHAAAAO4BAABQQVIx",
  ].join(""),
  "base64",
);

async function read(start: number, end: number): Promise<ArrayBuffer> {
  return new Uint8Array(FILE.subarray(start, end)).buffer;
}

test("the rows of a file are read, with what is nested as JSON", async () => {
  expect(await readParquet(FILE.length, read)).toEqual({
    columns: ["n", "text", "point", "list"],
    rows: [
      ["1", "a", '{"x":1.5,"y":2}', "[1,2]"],
      ["2", "b", '{"x":null,"y":3}', "[]"],
      ["", "ü", "", ""],
    ],
    total: 3,
  });
});

test("a file whose rows take too many bytes is not read", async () => {
  await expect(readParquet(FILE.length, read, 100)).rejects.toThrow("more than 100 B");
});

test("a file that is none says so", async () => {
  await expect(readParquet(100, async (start, end) => new ArrayBuffer(end - start))).rejects.toThrow();
});
