from infra.dashboard import headers


def directives(*buckets: str) -> dict[str, str]:
    policy = headers.security(buckets)["Content-Security-Policy"]
    return {name: rest for name, _, rest in (each.partition(" ") for each in policy.split("; "))}


def test_nothing_is_allowed_that_is_not_named():
    policy = directives()

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["frame-src"] == "blob:"
    assert "unsafe" not in str(policy)


def test_no_text_becomes_markup_or_a_script():
    policy = directives()

    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"


def test_files_come_from_the_bucket_alone():
    policy = directives("https://bucket.example")

    assert policy["connect-src"] == "'self' https://bucket.example"
    assert policy["frame-src"] == "blob:"
    assert policy["script-src"] == "'self'"


def test_what_has_a_digest_in_its_name_is_kept_and_the_rest_asked_for_again():
    assert "immutable" in headers.caching("assets/main-ABC.js")
    assert headers.caching("index.html") == "no-cache"
