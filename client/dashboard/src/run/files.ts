// Where the files of a run lie in the bucket.

import type { Run } from "../api/run";

/** The folder of the run's files, with a slash at its end; undefined if they lie in other storage. */
export function rootOf({ info }: Run): string | undefined {
  const place = `${info.experiment_id}/${info.run_id}/artifacts`;
  return info.artifact_uri.endsWith(place) && /^(mlflow-artifacts|s3):/.test(info.artifact_uri)
    ? `${place}/`
    : undefined;
}
