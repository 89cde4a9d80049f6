// The first rows of a Parquet file, of which only the parts that hold them are fetched.

import { size } from "../../ui/format";
import { MOST } from "./kinds";
import { MOST_COLUMNS, MOST_ROWS, type Table, table } from "./tables";

/** Reads bytes of the file; `end` is not among them. */
export type Read = (start: number, end: number) => Promise<ArrayBuffer>;

/** Raises an error if the file is none, or its first rows cannot be had by reading so many bytes. */
export async function readParquet(bytes: number, read: Read, most = MOST.parquet): Promise<Table> {
  const [{ parquetMetadataAsync, parquetRead }, { decompress }] = await Promise.all([
    import("hyparquet"),
    import("fzstd"),
  ]);
  let left = most;
  const buffer = {
    byteLength: bytes,
    slice(start: number, end: number = bytes) {
      left -= end - start;
      if (left < 0) throw new Error(`Its first rows take more than ${size(most)}.`);
      return read(start, end);
    },
  };
  const metadata = await parquetMetadataAsync(buffer);
  const columns = (metadata.schema[0]?.num_children ?? 0) > 0 ? topColumns(metadata.schema) : [];
  const rows: unknown[][] = [];
  await parquetRead({
    file: buffer,
    metadata,
    // Snappy and none are hyparquet's own; Polars writes Zstandard.
    compressors: { ZSTD: (bytes, length) => decompress(bytes, new Uint8Array(length)) },
    columns: columns.slice(0, MOST_COLUMNS),
    rowEnd: Math.min(MOST_ROWS, Number(metadata.num_rows)),
    onComplete: (found: unknown[][]) => void rows.push(...found),
  });
  return table(columns, rows, Number(metadata.num_rows));
}

/** The names of the columns at the top; a column may hold others. */
function topColumns(schema: readonly { name: string; num_children?: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = () => {
    const inside = schema[at]?.num_children ?? 0;
    at += 1;
    for (let count = 0; count < inside && at < schema.length; count++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? "");
    skip();
  }
  return names;
}
