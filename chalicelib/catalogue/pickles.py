"""Whether a file is a pickle, judged by its first bytes alone: opcodes are read, never executed.

Only a hint for people: a pickle can be disguised as something else, so "no" never means "safe".
"""

import io
import re

HEADER_BYTES = 4096

# A real pickle begins with a frame, a global or a dozen opcodes; a text that happens to begin with an opcode does not.
_LEAST_OPCODES = 4
_MOST_OPCODES = 200
_ZIP = b"PK\x03\x04"
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b")
_PICKLED = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".dill", ".cloudpickle")
# The endings of MLflow's own files and of other formats; we look into all other files.
_OTHERS = (".yaml", ".yml", ".json", ".txt", ".md", ".py", ".csv", ".parquet", ".onnx", ".safetensors", ".png", ".html")


def may_be(name: str) -> bool:
    """Whether a file with this name may be a pickle."""
    lower = name.lower()
    return lower.endswith(_PICKLED) or not (lower.endswith(_OTHERS) or lower.rpartition("/")[2] == "mlmodel")


def is_pickle(header: bytes, name: str = "") -> bool:
    """Whether these are the first bytes (at most HEADER_BYTES) of a pickle, bare or as `data.pkl` in a zip (torch)."""
    if header.startswith(_ZIP):
        return b"data.pkl" in header
    if _ZLIB.match(header) and name.lower().endswith((".joblib", ".pkl", ".pickle", ".z", ".gz")):
        # joblib compresses the whole pickle; we know nothing else with such a name.
        return True
    return _reads_as_pickle(header)


def _reads_as_pickle(header: bytes) -> bool:
    # Imported here because it takes 20 ms, and only the scan of a model file needs it. It unpickles nothing.
    import pickletools  # noqa: PLC0415

    seen = 0
    try:
        for opcode, argument, _ in pickletools.genops(io.BytesIO(header[:HEADER_BYTES])):
            seen += 1
            if seen == 1 and opcode.name == "PROTO":
                return 2 <= int(argument or 0) <= 5
            if opcode.name == "STOP":
                # The header holds a whole pickle. In protocol 0 or 1 even the text "N." is one.
                return seen >= _LEAST_OPCODES
            if seen >= _MOST_OPCODES:
                return True
    except (ValueError, UnicodeDecodeError, OverflowError):
        # Either a long pickle, which is cut in the middle of an argument here, or no pickle: the number of opcodes
        # decides.
        return seen >= _LEAST_OPCODES and len(header) >= HEADER_BYTES
    return False
