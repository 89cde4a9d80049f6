"""The short way of a call to DynamoDB: the hot operations, for a quarter of the processor time that botocore takes.

`taken_by` puts a class before those of botocore's client; botocore's event `creating-client-class` is made for that.
So pynamodb and our own calls of the client take the short way, and all other operations botocore's own.

    botocore's still       credentials, endpoint, connections (TLS, proxies, time limits), errors, and when to try again
    ours                   the body, the signature, the exchange, and the reply if it is a good one

Handlers of events are told what botocore tells them: provide-client-params, before-parameter-build, before-call,
before-send, after-call, after-call-error; needs-retry is left out after a good reply. Good replies have no HTTPHeaders.
tests/contract/test_short_calls.py compares both ways. Decision 21 has what was measured.
"""

import time
import zlib
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.endpoint import convert_to_response_dict
from botocore.exceptions import ChecksumError, HTTPClientError
from botocore.hooks import first_non_none_response

from chalicelib.storage.calls import bodies, signing, wire

OPERATIONS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    }
)

_IMPLIED_PORTS = {"http": 80, "https": 443}
_CHECKSUM = "x-amz-crc32"

# botocore's response and what was parsed of it, None if it arrived damaged.
Response = tuple[Any, dict[str, Any] | None]


class Place(NamedTuple):
    """Where calls go; `context` is what botocore's endpoint rules say of a call."""

    url: str
    scope: signing.Scope
    context: dict[str, Any]


class Call(NamedTuple):
    """One call; `request` has the form in which botocore shows a request to its handlers."""

    model: Any
    place: Place
    credentials: Any
    request: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.model.name)

    @property
    def context(self) -> dict[str, Any]:
        return self.request["context"]  # type: ignore[no-any-return]


def taken_by(session: Any) -> None:
    """Have the DynamoDB clients that a botocore session makes from now on take the short way."""
    session.register("creating-client-class.dynamodb", _put_first)


def _put_first(base_classes: list[type], **_: Any) -> None:
    base_classes.insert(0, ShortWay)


class ShortWay:
    """Stands before botocore's BaseClient, whose attributes it uses."""

    meta: Any
    exceptions: Any
    _endpoint: Any
    _request_signer: Any

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places: dict[str | None, Place | None] = {}
        wire.shorten(self._endpoint.http_session)

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> Any:
        credentials = self._frozen() if operation_name in OPERATIONS else None
        place = self._place(credentials, operation_name, api_params) if credentials else None
        if place is None:
            return super()._make_api_call(operation_name, api_params)  # type: ignore[misc]
        return self._answer(operation_name, api_params, place, credentials)

    def _frozen(self) -> Any:
        """The credentials as they are now; botocore renews those that are about to expire."""
        credentials = self._request_signer._credentials
        return credentials.get_frozen_credentials() if credentials else None

    def _place(self, credentials: Any, operation_name: str, api_params: dict[str, Any]) -> Place | None:
        """Where the calls of an account go, or None if only botocore can sign for it.

        The rules take 30 µs. Beside the client's configuration they depend on the account of the credentials alone.
        """
        account = credentials.account_id
        if account not in self._places:
            self._places[account] = self._resolved(operation_name, api_params)
        return self._places[account]

    def _resolved(self, operation_name: str, api_params: dict[str, Any]) -> Place | None:
        model = self.meta.service_model.operation_model(operation_name)
        context = self._context(model)
        url, headers, properties = self._resolve_endpoint_ruleset(model, api_params, context)  # type: ignore[attr-defined]
        parts = urlsplit(url)
        signer = self._request_signer
        if headers or (context["auth_type"] or signer.signature_version) != "v4" or parts.path.strip("/"):
            return None
        signed = {"region": signer.region_name, "signing_name": signer.signing_name} | context.get("signing", {})
        scope = signing.Scope(_host(url), signed["region"], signed["signing_name"])
        return Place(f"{parts.scheme}://{parts.netloc}/", scope, context | {"endpoint_properties": properties})

    def _context(self, model: Any) -> dict[str, Any]:
        """What botocore's client tells its rules and handlers of a call."""
        return {
            "client_region": self.meta.region_name,
            "client_config": self.meta.config,
            "has_streaming_input": False,
            "auth_type": model.resolved_auth_type,
            "unsigned_payload": False,
            "auth_options": self.meta.service_model.metadata.get("auth"),
        }

    def _answer(self, name: str, params: dict[str, Any], place: Place, credentials: Any) -> Any:
        model = self.meta.service_model.operation_model(name)
        context = dict(place.context)
        params = self._emit_api_params(params, model, context)  # type: ignore[attr-defined]
        call = Call(model, place, credentials, _request(name, params, place.url, context))
        http, parsed = self._before_call(call) or self._asked(call)
        self._emit("after-call", call, http_response=http, parsed=parsed, model=model, context=context)
        if http.status_code >= 300:
            code = context.get("error_code_override") or parsed.get("Error", {}).get("Code")
            raise self.exceptions.from_code(code)(parsed, name)
        return parsed

    def _before_call(self, call: Call) -> Any:
        """The answer of a handler that spares the call, as a test's may."""
        _, answer = self.meta.events.emit_until_response(
            f"before-call.dynamodb.{call.name}",
            model=call.model,
            params=call.request,
            request_signer=self._request_signer,
            context=call.context,
        )
        return answer

    def _asked(self, call: Call) -> tuple[Any, dict[str, Any]]:
        """What comes back, at last: botocore's rule says what is worth another attempt, and waits before it."""
        try:
            for attempt in count(1):
                response, error = self._tried(call)
                if _is_good(response) or not self._needs_retry(call, attempt, response, error):
                    break
            return _outcome(response, error, attempt)
        except Exception as failure:
            self._emit("after-call-error", call, exception=failure, context=call.context)
            raise

    def _needs_retry(self, call: Call, attempt: int, response: Response | None, error: Exception | None) -> bool:
        return bool(self._endpoint._needs_retry(attempt, call.model, call.request, response, error))

    def _tried(self, call: Call) -> tuple[Response | None, Exception | None]:
        try:
            http = self._sent(call)
        except Exception as error:  # noqa: BLE001 - botocore judges it
            return None, error
        return (http, self._parsed(call, http)), None

    def _sent(self, call: Call) -> Any:
        """The reply to a newly signed request, from a handler or from DynamoDB."""
        body = call.request["body"]
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        credentials = self._frozen() or call.credentials
        signed = signing.headers(credentials, call.place.scope, call.request["headers"]["X-Amz-Target"], body, now)
        headers = {**call.request["headers"], **signed, "Content-Length": str(len(body))}
        prepared = AWSPreparedRequest("POST", call.place.url, headers, body, False, call.context)
        answers = self._emit("before-send", call, request=prepared)
        return first_non_none_response(answers) or self._endpoint._send(prepared)

    def _parsed(self, call: Call, http: Any) -> dict[str, Any] | None:
        if http.status_code != 200:
            return _refusal(self._endpoint, call.model, http)
        return _reply(http) if _is_whole(http) else None

    def _emit(self, event: str, call: Call, **told: Any) -> Any:
        return self.meta.events.emit(f"{event}.dynamodb.{call.name}", **told)


def _host(url: str) -> str:
    """The Host header of requests to a URL."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in (None, _IMPLIED_PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _request(name: str, params: dict[str, Any], url: str, context: dict[str, Any]) -> dict[str, Any]:
    headers = {
        "X-Amz-Target": f"DynamoDB_20120810.{name}",
        "Content-Type": "application/x-amz-json-1.0",
        "Accept-Encoding": "identity",
        "User-Agent": context["client_config"].user_agent,
    }
    return {
        "url_path": "/",
        "query_string": "",
        "method": "POST",
        "headers": headers,
        "body": bodies.packed(params),
        "url": url,
        "context": context,
    }


def _is_whole(http: Any) -> bool:
    """Does the reply have the checksum that DynamoDB sent with it?"""
    expected = http.headers.get(_CHECKSUM)
    return expected is None or expected == str(zlib.crc32(http.content))


def _is_good(response: Response | None) -> bool:
    return response is not None and response[1] is not None and response[0].status_code == 200


def _outcome(response: Response | None, error: Exception | None, attempt: int) -> tuple[Any, dict[str, Any]]:
    if response is None:
        raise error or AssertionError("neither a response nor an error")
    http, parsed = response
    if parsed is None:
        actual = str(zlib.crc32(http.content))
        raise ChecksumError(checksum_type="crc32", expected_checksum=http.headers[_CHECKSUM], actual_checksum=actual)
    parsed["ResponseMetadata"]["RetryAttempts"] = attempt - 1
    return http, parsed


def _reply(http: Any) -> dict[str, Any]:
    try:
        found = bodies.unpacked(http.content)
    except ValueError as error:
        raise HTTPClientError(error=error) from error
    # Nobody reads the headers of a good reply, which botocore adds.
    found["ResponseMetadata"] = {"HTTPStatusCode": http.status_code}
    return found


def _refusal(endpoint: Any, model: Any, http: Any) -> dict[str, Any]:
    """An error as botocore reads it, with the fields that its kind has, such as a transaction's reasons."""
    response = convert_to_response_dict(http, model)
    parser = endpoint._response_parser_factory.create_parser(model.service_model.resolved_protocol)
    parsed: dict[str, Any] = parser.parse(response, model.output_shape)
    endpoint._add_modeled_error_fields(response, parsed, model, parser)
    return parsed
