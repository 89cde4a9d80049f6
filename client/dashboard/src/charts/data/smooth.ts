// The exponential moving average that TensorBoard draws: without the bias towards zero at its beginning.

/** NaN and infinities are not averaged; they stay where they are. */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const smooth = new Float64Array(values.length);
  let sum = 0;
  let bias = 1;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      smooth[at] = value;
      continue;
    }
    sum = sum * weight + value * (1 - weight);
    bias *= weight;
    smooth[at] = sum / (1 - bias);
  }
  return smooth;
}
