"""YAML that somebody else wrote, as plain data."""

from typing import Any


def loader(yaml: Any) -> Any:
    """What PyYAML is to read it with. It merges no mappings (`<<`): a few lines of them would fill the memory."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc, name-defined, unused-ignore]
        def flatten_mapping(self, node: Any) -> None:
            pass

    return Loader
