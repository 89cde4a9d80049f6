"""MLmodel files from strangers: what is read, and what is refused, how early and in how much memory."""

import resource
import subprocess
import sys
import textwrap
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue import manifest, places, yaml_tree
from chalicelib.catalogue.yaml_tree import MAX_DEPTH, MAX_NODES, Refused

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


BOMBS = {
    "alias bomb": alias_bomb(),
    "aliases of a long text": flavored("a: &a " + "x" * 500_000 + "\nb: [*a, *a]"),
    "alias of a deep list": flavored("a: &a " + "[" * 20 + "]" * 20 + "\nb: " + "[" * 20 + "*a" + "]" * 20),
    "recursive list": flavored("a: &a [*a]"),
    "recursive map": flavored("a: &a {b: *a}"),
    "deep lists": flavored("a: " + "[" * 5000),
    "deep maps": flavored("a: " + "{a: " * 5000),
    "deep blocks": flavored("a:\n" + "".join(" " * n + "-\n" for n in range(1, 500))),
    "a megabyte of brackets": b"[" * (1 << 20),
    "flow maps": flavored("a: [" + "{}," * 90_000 + "]"),
    "many keys": flavored("\n".join(f"k{n}: v" for n in range(60_000))),
    "duplicate keys": flavored("flavors: {}"),
    "python object": flavored("a: !!python/object/apply:os.system ['true']"),
    "a local tag": flavored("a: !x y"),
    "a set": flavored("a: !!set {x}"),
    "an int by tag": flavored("a: !!int 12"),
    "binary": flavored("a: !!binary aGVsbG8="),
    "two documents": flavored("---\na: b"),
    "a key that is a list": flavored("? [a]\n: b"),
    "a key that is an alias": flavored("a: &a x\n*a : y"),
    "not UTF-8": b"flavors: \xff\xfe",
    "control characters": b"flavors: \x01",
    "empty": b"",
    "a comment alone": b"# nothing",
    "a list": b"[]",
    "an unclosed text": b'flavors: "',
    "an unknown alias": flavored("a: *b"),
    "no flavors": b"run_id: abc",
    "flavors that are a list": b"flavors: [sklearn]",
    "a flavor that is text": b"flavors: {sklearn: '1.0'}",
    "a flavor with a line feed": b'flavors: {"a\\nb": {}}',
    "too many flavors": ("flavors: {" + ", ".join(f"f{n}: {{}}" for n in range(65)) + "}").encode(),
    "another run": b"flavors: {f: {}}\nrun_id: other",
    "a run id that is a map": b"flavors: {f: {}}\nrun_id: {}",
    "a signature that is text": flavored("signature: x"),
    "a signature part that is a list": flavored("signature: {inputs: []}"),
    "a signature part that is no JSON": flavored("signature: {inputs: '['}"),
    "deep JSON": flavored("signature: {inputs: '" + "[" * 5000 + "'}"),
    "NaN in JSON": flavored("signature: {inputs: '[NaN]'}"),
    "a digit too many in JSON": flavored("signature: {inputs: '" + "1" * 5000 + "'}"),
    "duplicate members in JSON": flavored("""signature: {inputs: '{"a": 1, "a": 2}'}"""),
    "long JSON": flavored("signature: {inputs: '[" + "1," * 200_000 + "1]'}"),
    "a long input example": flavored("saved_input_example_info: {a: " + "x" * 300_000 + "}"),
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


def test_a_model_of_another_folder_is_refused():
    with pytest.raises(Refused, match="model_id 'm-2'"):
        manifest.read(b"flavors: {f: {}}\nmodel_id: m-2", MODEL)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_a_reason_before_it_is_read_far(name, nodes_read):
    with pytest.raises(Refused) as refusal:
        manifest.read(BOMBS[name], RUN)

    # A map has a key besides each node, and collections have an end.
    assert len(nodes_read) <= 2 * MAX_NODES + 100
    assert 10 < len(str(refusal.value)) < 600


@pytest.fixture
def nodes_read(monkeypatch):
    """The kinds of what was taken of a text, one after the other."""
    taken = []
    take = yaml_tree._take

    def noted(builder, event):
        taken.append(type(event).__name__)
        take(builder, event)

    monkeypatch.setattr(yaml_tree, "_take", noted)
    return taken


@pytest.mark.slow
def test_all_bombs_together_stay_below_256_megabytes():
    script = (
        "import resource\n"
        "from chalicelib.catalogue import manifest, yaml_tree\n"
        "from tests.unit.catalogue.test_manifest import BOMBS, RUN\n"
        "for bomb in BOMBS.values():\n"
        "    try:\n"
        "        manifest.read(bomb, RUN)\n"
        "        raise SystemExit('accepted')\n"
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
    ("text", "is_read"),
    [
        ("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), True),
        ("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, False),
        ("a: [" + "x," * (MAX_NODES - 10) + "]", True),
        ("a: [" + "x," * MAX_NODES + "]", False),
    ],
)
def test_the_limits_are_where_they_are_said_to_be(text, is_read):
    def read():
        return manifest.read(flavored(text), RUN).flavors

    if is_read:
        assert read() == {"f": {}}
    else:
        with pytest.raises(Refused):
            read()


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="ab:-[]{}&*!? \n'\"#|>%@,~", max_size=120).map(str.encode)))
def test_any_bytes_are_a_manifest_or_a_reason(raw):
    with suppress(Refused):
        assert manifest.read(raw, RUN).flavors
