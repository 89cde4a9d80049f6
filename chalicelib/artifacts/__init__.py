"""Artifacts: files of runs and of logged models, in the bucket under the very paths that clients name.

    <experiment>/<run>/artifacts/…
    <experiment>/models/<model>/artifacts/…

Bytes go from client to S3 and back by presigned URLs; a handler carries only what MLflow's own client insists on
sending through it. Two protocols over the same modules:

    ours      uploads, downloads, list, multipart/…, delete      transfers, parts, listing, deletion
    MLflow's  mlflow-artifacts/…, get-artifact, artifacts/list   files, mlflow_parts, listing, deletion

Whatever path comes in goes through `paths` first, and whatever writes through `owners`.
"""
