import pytest

from chalicelib.edge import matcher

ROUTES = matcher.table(
    [
        "/",
        "/health",
        "/runs/get",
        "/runs/{id}",
        "/runs/{id}/metrics/{key}",
        "/artifacts",
        "/artifacts/{proxy+}",
        "/artifacts/mpu/{proxy+}",
        "/artifacts/mpu/{kind}/done",
    ]
)

FOUND = [
    ("/", "/", None),
    ("/health", "/health", None),
    ("/health/", "/health", None),
    ("/runs/get", "/runs/get", None),
    ("/runs/7", "/runs/{id}", {"id": "7"}),
    ("/runs/7/", "/runs/{id}", {"id": "7"}),
    ("/runs/a%2Fb/metrics/loss%20%2F", "/runs/{id}/metrics/{key}", {"id": "a%2Fb", "key": "loss%20%2F"}),
    ("/artifacts", "/artifacts", None),
    ("/artifacts/", "/artifacts", None),
    ("/artifacts/a", "/artifacts/{proxy+}", {"proxy": "a"}),
    ("/artifacts/a/b.txt", "/artifacts/{proxy+}", {"proxy": "a/b.txt"}),
    ("/artifacts/a/b/", "/artifacts/{proxy+}", {"proxy": "a/b/"}),
    ("/artifacts/a//b", "/artifacts/{proxy+}", {"proxy": "a//b"}),
    ("/artifacts/%2e%2e/b", "/artifacts/{proxy+}", {"proxy": "%2e%2e/b"}),
    ("/artifacts/mpu/create/done", "/artifacts/mpu/{kind}/done", {"kind": "create"}),
    ("/artifacts/mpu/create/other", "/artifacts/mpu/{proxy+}", {"proxy": "create/other"}),
    ("/artifacts/mpu", "/artifacts/{proxy+}", {"proxy": "mpu"}),
]

UNKNOWN = ["/nope", "/runs", "/runs/7/metrics", "/runs//metrics/x", "/runs/{id}/x", "//health", "", "/Health"]


@pytest.mark.parametrize(("path", "pattern", "parameters"), FOUND)
def test_the_most_literal_route_takes_the_path(path, pattern, parameters):
    assert matcher.find(ROUTES, path) == matcher.Match(pattern, parameters)


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_path_has_no_route(path):
    assert matcher.find(ROUTES, path) is None
