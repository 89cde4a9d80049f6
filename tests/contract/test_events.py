"""Events on a bus, with moto for EventBridge: what is sent is what botocore made of it."""

import json

import pytest
from moto import mock_aws

from chalicelib.config import settings
from chalicelib.errors import TemporarilyUnavailable
from chalicelib.storage import events


@pytest.fixture
def bus(monkeypatch):
    monkeypatch.setenv("CUMULOG_EVENT_BUS", "models")
    settings.cache_clear()
    with mock_aws():
        events.forget()
        events.client().create_event_bus(Name="models")
        sent = []
        on_call = "before-call.eventbridge.PutEvents"
        events.client().meta.events.register(on_call, lambda params, **_: sent.append(json.loads(params["body"])))
        yield sent
    events.forget()
    settings.cache_clear()


def test_an_event_is_put_on_the_bus(bus):
    events.put("registry.transition.applied", {"name": "wine", "version": 3})

    [entry] = bus[0]["Entries"]
    assert json.loads(entry.pop("Detail")) == {"name": "wine", "version": 3}
    assert entry == {"Source": "cumulog", "DetailType": "registry.transition.applied", "EventBusName": "models"}


def test_a_refused_entry_is_not_taken_for_a_success(bus):
    # EventBridge refuses an entry without a detail type with a 200.
    with pytest.raises(TemporarilyUnavailable):
        events.put("", {})


def test_a_bus_that_does_not_answer_is_worth_another_try(bus, monkeypatch):
    monkeypatch.setenv("CUMULOG_EVENTS_ENDPOINT", "http://127.0.0.1:9")
    settings.cache_clear()
    events.forget()

    with pytest.raises(TemporarilyUnavailable):
        events.put("registry.transition.applied", {})
