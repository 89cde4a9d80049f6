// The first rows of a table.

import { Scroll } from "../../ui/scroll";
import { isNumeric, type Table } from "./tables";

export function TableView({ table }: { table: Table }) {
  const { columns, rows, total } = table;
  const numeric = columns.map((_, at) => isNumeric(table, at));
  return (
    <>
      <p class="hint">
        {columns.length} columns{total === undefined ? "" : `, ${total} rows`}
        {total === undefined || total > rows.length ? `; the first ${rows.length} are shown` : ""}
      </p>
      <Scroll label="The table" height="high">
        <table class="pairs cells">
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={at} class={numeric[at] ? "number" : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                {row.map((value, at) => (
                  <td key={at} class={numeric[at] ? "number" : undefined}>
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
