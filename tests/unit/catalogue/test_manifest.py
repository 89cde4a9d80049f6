"""MLmodel files from strangers: what is read, and what is refused, how early and in how much memory."""

import json
import resource
import subprocess
import sys
import textwrap
from contextlib import nullcontext, suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue import loose_json, manifest, places
from chalicelib.catalogue.yaml_tree import MAX_DEPTH, MAX_EVENTS, MAX_NODES, Refused
from tests.sampling import some

RUN = places.of_folder("1/abc/artifacts/model")
MODEL = places.of_folder("1/models/m-1/artifacts")

GOOD = textwrap.dedent(
    """\
    artifact_path: model
    flavors:
      python_function:
        env: {conda: conda.yaml, virtualenv: python_env.yaml}
        loader_module: mlflow.sklearn
        python_version: 3.10
      sklearn:
        code: null
        pickled_model: model.pkl
        sklearn_version: 1.7.2
    mlflow_version: 3.17.2
    run_id: abc
    saved_input_example_info: {artifact_path: input_example.json, type: ndarray}
    signature:
      inputs: '[{"type": "long", "required": true}]'
      outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
      params: null
    utc_time_created: 2026-11-23 10:00:00.5
    """
).encode()


def flavored(text):
    return b"flavors: {f: {}}\n" + text.encode()


def alias_bomb(width=9, depth=9):
    lines = [f"a0: &a0 [{', '.join(['lol'] * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    return flavored("\n".join(lines))


MEGABYTE = 1 << 20
LONG_NUMBER = "a digit too many in JSON"
UNREADABLE = {
    "two documents": flavored("---\na: b"),
    "not UTF-8": b"flavors: \xff\xfe",
    "control characters": b"flavors: \x01",
    "empty": b"",
    "a comment alone": b"# nothing",
    "a list": b"[]",
    "a word": b"sklearn",
    "nothing": b"null",
    "an unclosed text": b'flavors: "',
    "an unclosed map": b"flavors: {sklearn: {",
    "an unknown alias": flavored("a: *b"),
    "an unknown alias as a key": flavored("a: {*b : c}"),
    "a tab": b"flavors:\n\tsklearn: {}",
    "too many nodes": flavored("a: [" + "x," * (MAX_EVENTS + 10) + "]"),
    "a megabyte of brackets": b"[" * MEGABYTE,
    "deep lists": flavored("a: " + "[" * 5000 + "]" * 5000),
    "deep maps": flavored("a: " + "{a: " * 5000 + "}" * 5000),
    "nine megabytes": flavored("a: " + "x" * (9 << 20)),
}
# Read without the branch that is too much.
BOMBS = {
    "alias bomb": alias_bomb(),
    "alias bomb in a flavor": alias_bomb() + b"\nflavors: {f: {}, g: {x: *a8}}",
    "aliases of a long text": flavored("a: &a " + "x" * 500_000 + "\nsaved_input_example_info: {b: [*a, *a]}"),
    "alias of a deep list": flavored(
        "a: &a " + "[" * 20 + "]" * 20 + "\nsignature: {b: " + "[" * 20 + "*a" + "]" * 20 + "}"
    ),
    "recursive list": flavored("signature: &a {inputs: [*a]}"),
    "recursive map": flavored("a: &a {b: *a}"),
    "merges of merges": flavored(
        "\n".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}" for n in range(1, 30))
    ).replace(b"*m0", b"{a: b}"),
    "a thousand merges": flavored(
        "a: &a {" + "".join(f"k{n}: v, " for n in range(4_000)) + "}\nflavors: {f: {}, " + "<<: *a, " * 1000 + "}"
    ),
    "deep blocks": flavored("a:\n" + "".join(" " * n + "-\n" for n in range(1, 500))),
    "flow maps": flavored("saved_input_example_info: {a: [" + "{}," * 90_000 + "]}"),
    "many keys": flavored("signature:\n" + "\n".join(f"  k{n}: v" for n in range(60_000))),
    "many anchors": flavored("a:\n" + "\n".join(f"- &k{n} v" for n in range(60_000))),
    "python object": flavored("a: !!python/object/apply:os.system ['true']"),
    "too many flavors": b"flavors: {f: {}, " + b", ".join(b"f%d: {}" % n for n in range(100_000)) + b"}",
    "flavors with long texts": b"flavors: {f: {}, "
    + b", ".join(b"f%d: {a: %s}" % (n, b"x" * 100_000) for n in range(60))
    + b"}",
    "a long input example": flavored("saved_input_example_info: {a: " + "x" * 300_000 + "}"),
    "deep JSON": flavored("signature: {inputs: '" + "[" * 5000 + "'}"),
    LONG_NUMBER: flavored("signature: {inputs: '" + "1" * 5000 + "'}"),
    "megabytes of JSON": flavored("signature: {inputs: '[" + "[]," * (2 * MEGABYTE) + "[]]'}"),
    "one long member of JSON": flavored("""signature: {inputs: '["%s"]'}""" % ("x" * MEGABYTE)),
    "a list of a long text": flavored("a: &a " + "x" * MEGABYTE + "\nsignature: {inputs: [" + "*a," * 5000 + "]}"),
    "two megabytes": flavored("a: " + "x" * (2 << 20)),
}


def test_what_mlflow_writes_is_read():
    found = manifest.read(GOOD, RUN)

    assert list(found.flavors) == ["python_function", "sklearn"]
    assert found.flavors["sklearn"] == {"code": None, "pickled_model": "model.pkl", "sklearn_version": "1.7.2"}
    assert found.signature["inputs"] == [{"type": "long", "required": True}]
    assert set(found.signature) == {"inputs", "outputs"}
    assert found.input_example == {"artifact_path": "input_example.json", "type": "ndarray"}
    assert found.mlflow_version == "3.17.2"
    assert found.utc_time_created == "2026-11-23 10:00:00.5"


def test_a_version_is_the_text_that_was_written():
    assert manifest.read(GOOD, RUN).flavors["python_function"]["python_version"] == "3.10"


@pytest.mark.parametrize("text", ["no", "1:30:00", "2026-11-23", "1e3", "0o17", "1" * 5000, ".inf"])
def test_nothing_but_null_and_booleans_becomes_anything_but_text(text):
    found = manifest.read(f"flavors: {{f: {{{text[:9]}: {text}}}}}".encode(), RUN)

    assert found.flavors["f"] == {text[:9]: text}


def test_aliases_as_mlflows_writer_makes_them_are_followed():
    found = manifest.read(b"flavors: {a: &c {x: y}, b: *c}", RUN)

    assert found.flavors == {"a": {"x": "y"}, "b": {"x": "y"}}


def test_a_file_may_name_its_own_run_and_model():
    assert manifest.read(b"flavors: {f: {}}\nrun_id: whatever\nmodel_id: m-1", MODEL).flavors == {"f": {}}


def test_a_model_of_another_folder_is_read_with_a_note():
    found = manifest.read(b"flavors: {f: {}}\nmodel_id: m-2", MODEL)

    assert found.flavors == {"f": {}}
    assert found.notes == ["MLmodel names the logged model 'm-2', but it is in the folder of 'm-1'."]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_a_reason(name):
    with pytest.raises(Refused) as refusal:
        manifest.read(UNREADABLE[name], RUN)

    assert 10 < len(str(refusal.value)) < 600


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_loses_what_is_too_much_and_keeps_its_flavors(name):
    found = manifest.read(BOMBS[name], RUN)

    assert found.flavors["f"] == {}
    assert len(found.flavors) <= 64
    shown = [found.flavors, found.signature, found.input_example, found.notes]
    assert len(json.dumps(shown, allow_nan=False)) < 1_000_000
    # Only what none of the wanted fields holds is dropped without a word.
    assert found.notes or name in SILENT


SILENT = (
    "alias bomb",
    "recursive map",
    "deep blocks",
    "many anchors",
    "two megabytes",
    "merges of merges",
    LONG_NUMBER,
)


@pytest.mark.slow
def test_bombs_together_stay_below_256_megabytes():
    chosen = some([*BOMBS, *UNREADABLE], keep=12)
    script = (
        "from chalicelib.catalogue import manifest, yaml_tree\n"
        "from tests.unit.catalogue.test_manifest import BOMBS, RUN, UNREADABLE\n"
        f"for name in {chosen!r}:\n"
        "    try:\n"
        "        manifest.read({**BOMBS, **UNREADABLE}[name], RUN)\n"
        "    except yaml_tree.Refused:\n"
        "        pass\n"
    )
    limit = 256 << 20

    # The data segment alone: shared libraries, and what a test brings along, are not the bomb's.
    ended = subprocess.run(
        [sys.executable, "-c", script],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        ("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), True),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), False),
        ("[" + "x," * (MAX_NODES - 10) + "]", True),
        ("[" + "x," * MAX_NODES + "]", False),
    ],
)
def test_the_limits_are_where_they_are_said_to_be(value, is_kept):
    found = manifest.read(f"flavors: {{f: {{a: {value}}}}}".encode(), RUN)

    assert bool(found.notes) != is_kept
    assert (found.flavors["f"].get("a") is not None) == is_kept


def columns(count):
    return json.dumps([{"type": "double", "name": f"measurement_of_sensor_{n:05}"} for n in range(count)])


def test_a_wide_signature_is_cut_and_says_so():
    wide = columns(6_000)

    found = manifest.read(
        f"flavors: {{f: {{}}}}\nsignature: {{inputs: '{wide}', outputs: '{columns(1)}'}}".encode(), RUN
    )

    assert found.signature_cut
    assert found.signature["inputs"] == json.loads(wide)[: len(found.signature["inputs"])]
    assert 4_000 < len(found.signature["inputs"]) < 6_000
    assert found.signature["outputs"] == json.loads(columns(1))
    assert found.notes == [
        f"signature.inputs is too long; its first {len(found.signature['inputs'])} members are here."
    ]


def test_wherever_a_list_is_cut_its_members_are_whole(monkeypatch):
    members = [12345, -1.5e3, "ä,]", {"a": [1, {"b": "}"}]}, [], None, True, "😀" * 10] * 10
    for most in range(2, 250):
        monkeypatch.setattr(loose_json, "MAX_BYTES", most)

        found, is_cut = loose_json.parse(json.dumps(members, ensure_ascii=most % 2 == 0))

        assert (is_cut, found) == (True, members[: len(found)])
    assert len(found) >= 8


def test_what_json_on_the_wire_cannot_carry_becomes_text():
    text = r'[NaN, -Infinity, 1e999, -1e999, MANY, 1.5, 12, "\ud83d\ude00", "\ud800"]'

    found, _ = loose_json.parse(text.replace("MANY", "9" * 400))

    assert found == ["NaN", "-Infinity", "Infinity", "-Infinity", "9" * 400, 1.5, 12, "😀", "?"]


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="ab:-[]{}&*!? \n'\"#|>%@,~", max_size=120).map(str.encode)))
def test_any_bytes_that_pyyaml_reads_as_a_map_are_a_manifest_and_others_a_reason(raw):
    with nullcontext() if isinstance(loaded(raw), dict) else suppress(Refused):
        assert manifest.read(raw, RUN).flavors is not None


def loaded(raw):
    """What MLflow loads; None for what it refuses."""
    try:
        return yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
