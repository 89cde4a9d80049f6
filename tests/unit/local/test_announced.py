import json

from chalicelib.config import settings
from chalicelib.storage import events
from infra.local import announced


def test_an_event_without_a_bus_is_a_line_of_the_file(tmp_path, monkeypatch):
    monkeypatch.delenv("CUMULOG_EVENT_BUS", raising=False)
    settings.cache_clear()

    with announced.kept(tmp_path / "announced"):
        events.put("registry.transition.applied", {"name": "wine\n", "version": 3})
    events.put("registry.transition.applied", {"name": "not kept"})

    [line] = (tmp_path / "announced").read_text().splitlines()
    detail = {"name": "wine\n", "version": 3}
    assert json.loads(line) == {"source": "cumulog", "detail-type": "registry.transition.applied", "detail": detail}
