"""The types of replies: each with the namespace that answers it."""

import pytest

from infra.client import messages, writing
from infra.client.messages import Reply

MESSAGE = {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}


def held(name: str) -> dict[str, object]:
    return {"type": "object", "properties": {"held": {"$ref": f"#/components/schemas/replies.{name}"}}}


def test_a_message_is_with_its_namespace_and_in_a_module_of_all_if_several_answer_it() -> None:
    schemas = {"replies.Inner": MESSAGE, "replies.Outer": held("Inner"), "replies.Own": MESSAGE}
    answered = [
        Reply("runs", "GetReply", held("Outer")),
        Reply("runs", "OwnReply", held("Own")),
        Reply("models", "ListReply", held("Outer")),
    ]

    modules = messages.replies({"components": {"schemas": schemas}}, answered)

    assert [name for name in sorted(modules) if "class Inner(" in modules[name]] == ["shared"]
    assert [name for name in sorted(modules) if "class Own(" in modules[name]] == ["runs"]
    assert "replies.shared import Outer\n" in modules["models"]
    assert "import" not in modules["shared"].partition("class")[0].partition("TypedDict")[2]


@pytest.mark.parametrize(
    ("module", "method"),
    [
        ("access", "me(self) -> replies.GetMeReply"),
        ("artifacts", "create_uploads(self, files: Sequence[messages.NewFile]) -> replies.CreateUploadsReply"),
        ("catalogue", "get_entry(self, path: str) -> replies.GetCatalogueEntryReply"),
        ("logged_models", "-> replies.SearchLoggedModelsReply"),
        ("metrics", "-> replies.GetMetricSeriesReply"),
        ("registry", "-> replies.ApproveTransitionRequestReply"),
    ],
)
def test_replies_have_types_in_each_namespace(module: str, method: str) -> None:
    assert method in (writing.FOLDER / f"{module}.py").read_text()
