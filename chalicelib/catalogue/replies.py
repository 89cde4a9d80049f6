"""The wire form of a catalogue entry."""

from typing import Any

from chalicelib.catalogue import entries
from chalicelib.storage.items import CatalogueEntry


def summary(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry in a list; unknown fields are absent."""
    known = {
        "path": entry.sk,
        "experiment_id": entry.experiment_id,
        "run_id": entry.run_id,
        "model_id": entry.model_id,
        "status": entry.status,
        "reason": entry.reason,
        "notes": entry.notes or None,
        "flavors": [{"name": name, "version": version} for name, version in sorted(entry.flavors.items())],
        "mlflow_version": entry.mlflow_version,
        "utc_time_created": entry.utc_time_created,
        "last_modified": int(entry.modified),
        "size_bytes": int(entry.size),
        "contains_pickle": bool(entry.pickle),
    }
    return {name: value for name, value in known.items() if value is not None}


def whole(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry with everything known about its files, and with each flavor's configuration."""
    found = entries.details(entry)
    listed = summary(entry)
    configured = found["flavors"]
    return {
        **listed,
        "flavors": [{**each, "configuration": configured.get(each["name"], {})} for each in listed["flavors"]],
        # An entry of the first reader, which cut nothing, does not say so.
        "signature_cut": found.get("signature_cut", False),
        **{name: found[name] for name in ("signature", "input_example", "files", "files_cut", "environment")},
    }
