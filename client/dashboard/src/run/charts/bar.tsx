// How the charts are looked at: search, axis, smoothing.

import type { XAxis } from "../../api/curves";
import { changeQuery } from "../../app/location";
import type { Options } from "./options";

const AXES: readonly (readonly [XAxis, string])[] = [
  ["step", "Step"],
  ["relative", "Time since the start"],
  ["time", "Time"],
];

export function Bar({ options, hasSearch }: { options: Options; hasSearch?: boolean }) {
  const { axis, looks, search } = options;
  return (
    <search class="bar chart-options">
      {hasSearch && (
        <input
          type="search"
          placeholder="Search metrics"
          aria-label="Search metrics"
          value={search}
          onInput={(event) => changeQuery({ search: event.currentTarget.value })}
        />
      )}
      <label>
        X
        <select
          value={axis}
          onChange={(event) => changeQuery({ x: event.currentTarget.value, from: "", to: "" })}
          aria-label="What x shows"
        >
          {AXES.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Smoothing
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={looks.smoothing}
          onInput={(event) =>
            changeQuery({ smooth: Number(event.currentTarget.value) ? event.currentTarget.value : "" })
          }
        />
        <span class="number">{looks.smoothing.toFixed(2)}</span>
      </label>
      <Check title="Log x" isChecked={looks.isLogX} isOff={axis === "time"} name="logx" />
      <Check title="Log y" isChecked={looks.isLogY} name="logy" />
      <span class="hint">Drag to zoom, shift and drag to move, double-click for all.</span>
    </search>
  );
}

function Check(props: { title: string; isChecked: boolean; isOff?: boolean; name: string }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.isChecked}
        disabled={props.isOff ?? false}
        onChange={(event) => changeQuery({ [props.name]: event.currentTarget.checked ? "1" : "", from: "", to: "" })}
      />
      {props.title}
    </label>
  );
}
