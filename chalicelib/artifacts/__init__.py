"""Artifacts: files of runs and of logged models. Their keys in the bucket are the paths that clients use.

    <experiment>/<run>/artifacts/…
    <experiment>/models/<model>/artifacts/…

Bytes travel between client and S3 over presigned URLs; a handler carries only what MLflow's own client insists on
sending through the server. Two protocols share the same modules:

    ours      uploads, downloads, list, multipart/…, delete      transfers, parts, listing, deletion
    MLflow's  mlflow-artifacts/…, get-artifact, artifacts/list   files, mlflow_parts, listing, deletion

Every path from a request goes through `paths` first, and every write through `owners`.
"""
