"""What looks like a secret is not recorded, wherever it stands; what does not, is.

The secrets are drawn by lot when the tests run: none stands in this file.
"""

import random
import string

import pytest

from cumulog._record import confidential, machine

_LOT = random.Random(20)
_LETTERS, _HEX = string.ascii_letters + string.digits, "0123456789abcdef"


def drawn(length: int, of: str = _LETTERS) -> str:
    return "a1" + "".join(_LOT.choice(of) for _ in range(length - 2))


def upper(length: int) -> str:
    return drawn(length, string.ascii_uppercase + string.digits).upper()


def key_block(kind: str) -> str:
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{drawn(64)}\n-----END {kind}PRIVATE KEY-----"


# Those that can be told by themselves.
ALONE = [
    *(key_block(kind) for kind in ("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ")),
    *(prefix + upper(16) for prefix in ("AKIA", "ASIA", "ABIA", "ACCA")),
    *(f"gh{kind}_{drawn(36)}" for kind in "pousr"),
    f"github_pat_{drawn(40)}",
    *(f"gl{kind}-{drawn(20)}" for kind in ("pat", "dt", "rt", "cbt")),
    f"hf_{drawn(34)}",
    *(f"xox{kind}-{drawn(40)}" for kind in "bpas"),
    f"https://hooks.slack.com/services/T{upper(8)}/B{upper(8)}/{drawn(24)}",
    f"https://discord.com/api/webhooks/123456789/{drawn(60)}",
    *(f"sk-{kind}{drawn(40)}" for kind in ("", "proj-", "ant-api03-", "or-v1-")),
    f"AIza{drawn(35)}",
    f"ya29.{drawn(60)}",
    f"GOCSPX-{drawn(28)}",
    f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={drawn(86)}==",
    f"https://a.blob.core.windows.net/b?sv=1&sig={drawn(40)}",
    f"https://b.s3.amazonaws.com/k?X-Amz-Signature={drawn(64, _HEX)}",
    f"eyJ{drawn(30)}.eyJ{drawn(60)}.{drawn(43)}",
    *(f"{kind}_{mode}_{drawn(24)}" for kind in ("sk", "rk") for mode in ("live", "test")),
    f"SK{drawn(32, _HEX)}",
    f"SG.{drawn(22)}.{drawn(43)}",
    f"npm_{drawn(36)}",
    f"pypi-{drawn(80)}",
    f"dckr_pat_{drawn(27)}",
    f"dop_v1_{drawn(64, _HEX)}",
    f"dapi{drawn(32, _HEX)}",
    f"cml_p_{drawn(40)}",
    f"shpat_{drawn(32, _HEX)}",
    f"123456789:AA{drawn(33)}",
    f"hvs.{drawn(24)}",
    f"{drawn(14)}.atlasv1.{drawn(60)}",
    f"glsa_{drawn(32)}_{drawn(8, _HEX)}",
    f"NRAK-{upper(27)}",
    f"https://robot:{drawn(12)}@git.example/a/b.git",
    f"postgresql://app:{drawn(12)}@db.example:5432/prod",
]
# Those that a name tells, as files and shells write them.
NAMES = ("API_KEY", "aws_secret_access_key", "client-secret", "dbPassword", "HF_TOKEN", "slack.auth_token")
WRITTEN = [
    *("{name}={value}", "export {name}='{value}'", '{name} = "{value}"', "{name}: {value}", '"{name}": "{value}"'),
    *("os.environ['{name}'] = '{value}'", "--{name}={value}", "set {name}={value}", "f({name}='{value}')"),
]
NAMED = [form.format(name=name, value=drawn(24)) for name in NAMES for form in WRITTEN]
FORMS = [*ALONE, *NAMED]


def value_in(text: str) -> str:
    """The part of a text that must not be seen."""
    login, at, _ = text.rpartition("@")
    if at:
        return login.rpartition(":")[2]
    return max(text.replace("'", " ").replace('"', " ").replace("=", " ").split(), key=len)[-12:]


def test_there_are_a_hundred_forms() -> None:
    assert len(FORMS) >= 100


@pytest.mark.parametrize("text", FORMS)
def test_a_file_with_a_secret_is_left_out(text: str) -> None:
    assert confidential.flaw_of_content(f"import os\n\n{text}\nprint(os)\n".encode())
    assert confidential.flaw_of_content(f"+{text}\n".encode())


@pytest.mark.parametrize("text", [form for form in ALONE if "\n" not in form])
def test_a_secret_is_masked_in_arguments_urls_and_the_environment(text: str) -> None:
    variables = {
        "OMP_PLACES": text,
        "MY_API_KEY": text,
        "CUMULOG_RECORD_ENVIRONMENT": "MY_API_KEY,OTHER",
        "OTHER": text,
    }
    seen = [*confidential.masked_arguments(["--name", text, f"--lr={text}"]), *machine.environment(variables).values()]

    assert "MY_API_KEY" not in machine.environment(variables)
    assert [each for each in seen if value_in(text) in each] == []


@pytest.mark.parametrize("name", ["--token", "--api-key", "--hub-token", "-password", "--client_secret", "--db-passwd"])
def test_the_value_of_an_option_that_names_a_secret_is_masked(name: str) -> None:
    for secret in ("hunter2", drawn(20)):
        assert secret not in str(confidential.masked_arguments([name, secret, f"{name}={secret}"]))


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".env.production", "id_rsa", "id_ed25519", "server.pem", "tls.key", "store.p12", ".netrc", ".npmrc"),
        *(".pypirc", "credentials", "credentials.json", "client_secret_1.json", ".git-credentials", "kubeconfig"),
        *("a/.aws/config", ".ssh/config", "terraform.tfstate", "secrets.yaml", "kaggle.json", ".bash_history"),
    ],
)
def test_a_file_that_is_known_to_hold_secrets_is_left_out_by_its_name(name: str) -> None:
    assert confidential.flaw_of_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "token = tokenizer.next_token(ids)",
        "pad_token_id=0, eos_token='</s>'",
        "password = getpass.getpass()",
        "api_key = os.environ['API_KEY']",
        "def secret_key(self) -> str:",
        "max_tokens: 4096",
        "sha256: " + drawn(64, _HEX),
        "commit " + drawn(40, _HEX),
        "https://example.org/a/b?page=2",
        "password: ${DB_PASSWORD}",
        "API_KEY=<your key>",
        "learning_rate=0.001 batch=32",
        "git@github.com:owner/name.git",
        "key = 'encoder.layer.0.attention.self.query.weight'",
    ],
)
def test_what_is_innocent_stays(text: str) -> None:
    assert confidential.flaw_of_content(text.encode()) == ""
    assert confidential.masked(text) == text


@pytest.mark.parametrize("name", ["train.py", ".env.example", "keys.py", "tokenizer.json", "id_rsa.pub", "monkey.py"])
def test_a_file_of_an_innocent_name_is_kept(name: str) -> None:
    assert confidential.flaw_of_name(name) == ""


def test_innocent_arguments_stay() -> None:
    arguments = ["train.py", "--lr", "0.1", "--num-tokens", "5", "--tokenizer", "bert-base-uncased", "data/train.csv"]

    assert confidential.masked_arguments(arguments) == arguments
