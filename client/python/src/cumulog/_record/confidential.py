"""What is not recorded: what looks like a secret, in a text, among arguments, in the name or the content of a file.

A rule that is wrong about something innocent costs a line of the record, which says so. One that misses a secret
publishes it. So names of files decide by themselves, and what cannot be looked into is left out.
"""

import io
import math
import posixpath
import re
import zlib
from collections import Counter
from collections.abc import Iterator

from cumulog._http.forks import importing
from cumulog._record.forms import FORMS

MASK = "[secret]"
# A look at so much takes milliseconds, in which no other thread runs. Two looks overlap by what a secret takes.
_BLOCK, _OVERLAP = 1 << 14, 600
_MOST_UNPACKED = 8 << 20

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# A name that ends with one of these names a secret, unless the word before says that it is one of a text.
_SECRET_WORDS = re.compile(
    ".*(?:password|passwd|passphrase|secret)|passcode|pwd|pass|pw|secrets|(?:api|hub|bearer)?token|apikey|auth|credentials?|creds|accesskey|secretkey|"
    "privatekey|authtoken|accesstoken|pat"
)
_PASSWORDS = re.compile(".*(?:password|passwd|passphrase)|passcode|pwd|pass|pw")
_SHORT = re.compile("pass|pw|pat|auth")
# Whose key is a secret.
_KEYS = re.compile(
    "api|access|private|secret|auth|account|encryption|signing|master|license|session|service|admin|app|wandb|openai|"
    "anthropic|comet|neptune|clearml|cohere|mistral|groq|gemini|openrouter|deepseek|pinecone|sendgrid|stripe|twilio"
)
_OF_TEXTS = re.compile(
    "pad|eos|bos|unk|mask|cls|sep|stop|start|end|image|special|prompt|per|next|page|begin|newline|audio|video|trigger|"
    "class|placeholder|instance|mod|each|one|any|first|last|forward|single|two|multi|max|min|num"
)
# What says whose key it is stands before.
_STARTS = re.compile(
    "passw|passphrase|passcode|pwd|secret|token|cred|(?:pass|pw|pat|auth|keys?)(?![a-z])|(?:api|access|private) key"
)
_NAMED = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|credential|creds|(?:pass|pw|pat|auth|keys?)(?![a-z])|"
    r"(?:api|access|private) key)[\w\-]{0,40}"
    r"\\?[\"']?\]?(?:\s?:\s?[\w\[\], .|]{1,40}?(?=\s?=))?"
    # In Kubernetes' files the value is the next field.
    r"(?:\s{0,2},?\s{1,12}[\"']?value[\"']?\s?[:=]|\s{0,8}(?:=>|:=|[:=]|(?P<comma>,)(?=\s?\\?[\"'])|(?P<tag>>)(?=\w)))"
    r"(?P<gap>\s{0,8}(?:[|>][-+]?\s{0,2}\n\s{1,12})?)"
    r"(?:(?P<call>(?:[\w.:]{0,40}\(|\[)(?:default\s?=\s?)?)(?=[rbuf]?[\"']))?"
    r"(?:[rbuf]?\\?(?P<mark>[\"'`])(?P<quoted>[^\"'`\n\\]{4,400})|(?P<bare>[^\s\"'`,;{}<>]{4,400}))"
)
_BEFORE = re.compile(r"[\w.\-]{0,40}$")
_PLACEHOLDER = re.compile(
    r"(?i)^(?:\$|%\(|\{|<|\*+$|x+$|\.+$)|your|change.?me|placeholder|redacted|\[secret\]|dummy|^(?:none|null|true|false|str|"
    r"string|password|passwd|secret|token|required|optional|undefined|default|example|test|hidden|empty|unset|ask|prompt)$"
)
_PLAIN = re.compile(r"^(?:[A-Za-z]+\d{0,3}|v?\d{1,4})(?:[-_./: ]+(?:[A-Za-z]+\d{0,3}|v?\d{1,4}))*[.!?]?$")
_TOKEN = re.compile(r"^[\w+/=.~!@#%&\-]+$")
_CODE = re.compile(r"[()\[\]]|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|^(?:self|cls|os|args|config|cfg|settings)\b")
_PATH = re.compile(r"^(?:~|\.{1,2}|[A-Za-z]:)?[/\\][\w./\\ \-]*$")

_FILE_NAMES = re.compile(
    r"(?i)^(?:\.env(?!\.(?:example|sample|template|dist)$)(?:\..*)?|.*\.env|\.envrc|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|"
    r"gpg|asc|p8|der|ovpn|tfstate|tfvars|token|kubeconfig)|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|credentials(?!.*\.py$).*|"
    r".*credentials?\.(?:json|ya?ml|toml|ini|csv|txt|xml)|client_secret.*|.*service[-_]?account.*\.json|[._]netrc|\.npmrc|"
    r"\.pypirc|\.git-credentials|\.gitcookies|\.htpasswd|\.pgpass|\.my\.cnf|\.dockercfg|kubeconfig|\.?secrets?\.(?!py$).*|"
    r".*[-_.]secrets?\.(?!py$).*|secrets?|kaggle\.json|\.?tokens?(?:\.(?:json|txt|ya?ml))?|passwords?(?:\.txt)?|"
    r"\.vault-token|\.boto|\.s3cfg|\.terraformrc|\.(?:ba|z|python_|node_repl_)?_?(?:sh)?_?history|\.rhistory|.*\.kdb)$"
)
_FOLDERS = {".ssh", ".aws", ".gnupg", ".kube", ".docker", ".azure", ".config/gcloud", "secrets", ".secrets"}
_PACKED = (b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!", b"\x04\x22\x4d\x18")
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
# A program may stand before an archive, and a remark after it.
_ZIP_END, _MOST_AFTER_ZIP = b"PK\x05\x06", (1 << 16) + 22


def is_secret_name(name: str) -> bool:
    """Whether a variable or an option of this name has a secret as its value: API_KEY, not pad_token_id."""
    words = [word.lower() for word in _WORDS.findall(name) if not word.isdigit()]
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in ("key", "keys"):
        return bool(_KEYS.fullmatch(before))
    if last == "base" and before == "key":
        return True
    return bool(_SECRET_WORDS.fullmatch(last)) and not _OF_TEXTS.fullmatch(before)


def kind_in(text: str) -> str:
    """What secret a text seems to hold; empty for none."""
    return next((what for block in _blocks(text) for what, _, _ in _found(block)), "")


def masked(text: str) -> str:
    """The text with what looks like a secret taken out."""
    for _, start, end in sorted(_found(text), key=lambda each: -each[1]):
        text = text[:start] + MASK + text[end:]
    return text


def masked_arguments(arguments: list[str]) -> list[str]:
    """Arguments of a command without the values of options that name a secret, and without what looks like one."""
    shown: list[str] = []
    for argument in arguments:
        name = shown[-1] if shown else ""
        is_value = name.startswith("-") and "=" not in name and not argument.startswith("-")
        is_login = name in ("-u", "--user", "--login") and ":" in argument
        if is_value and (is_login or (is_secret_name(name) and not _is_plain_value(name, argument))):
            shown.append(MASK)
        else:
            shown.append(_masked_pair(argument))
    return shown


def masked_data(data: object) -> object:
    """Plain data with every text in it masked: what holds for a record as a whole."""
    if isinstance(data, str):
        return masked(data)
    if isinstance(data, dict):
        return {masked(str(key)): masked_data(value) for key, value in data.items()}
    return [masked_data(value) for value in data] if isinstance(data, list | tuple) else data


def masked_url(url: str) -> str:
    """A URL without a user and password in it; a user of SSH stays, as in git@host."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return masked(url)
    login, at, _ = rest.partition("/")[0].rpartition("@")
    if at and (":" in login or not scheme.endswith("ssh")):
        rest = rest[len(login) + 1 :]
    return masked(f"{scheme}://{rest}")


def flaw_of_name(path: str) -> str:
    """Why a file of this name is not recorded; empty if it may be."""
    folder, name = posixpath.split(path)
    is_private = any(f"/{each}/" in f"/{folder}/" for each in _FOLDERS)
    if is_private or (_FILE_NAMES.match(name) and not name.endswith(".pub")):
        return "files of this name hold secrets"
    return "its name looks like a secret" if kind_in(path) else ""


def flaw_of_content(content: bytes) -> str:
    """Why a file with this content is not recorded; empty if it may be."""
    if content.startswith(_PACKED):
        return "it is compressed, so nobody can look for secrets in it"
    try:
        kinds = (kind_in(each.replace(b"\0", b"").decode("latin-1")) for each in _unpacked(content))
        what = next((kind for kind in kinds if kind), "")
    except (zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return "it cannot be unpacked to look for secrets in it"
    return f"it seems to hold {what}" if what else ""


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and what is in it if it is an archive. Raises ValueError if that is too much to look into."""
    yield content
    if content.startswith(_GZIP):
        unpacking = zlib.decompressobj(31)
        yield _plain(unpacking.decompress(content, _MOST_UNPACKED))
        if unpacking.unconsumed_tail or unpacking.unused_data:
            raise ValueError("too much")
    elif content.startswith(_ZIP) or _ZIP_END in content[-_MOST_AFTER_ZIP:]:
        yield from _unzipped(content)


def _plain(content: bytes) -> bytes:
    """What was in an archive. Raises ValueError if that is an archive too."""
    if content.startswith((*_PACKED, _GZIP, _ZIP)):
        raise ValueError("an archive in an archive")
    return content


def _unzipped(content: bytes) -> Iterator[bytes]:
    with importing:
        # Few trees have archives.
        from zipfile import BadZipFile, ZipFile  # noqa: PLC0415

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
                raise ValueError("too much")
            for each in archive.infolist():
                if flaw_of_name(each.filename):
                    raise ValueError("a file of it holds secrets")
                yield _plain(archive.read(each))
    except BadZipFile as error:
        raise ValueError("no archive") from error


def _blocks(text: str) -> Iterator[str]:
    for start in range(0, max(1, len(text)), _BLOCK):
        yield text[max(0, start - _OVERLAP) : start + _BLOCK]


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    """What secrets a text seems to hold, and where: first those that can be told by themselves. None twice."""
    taken: list[tuple[int, int]] = []
    for form in FORMS:
        if any(word in text for word in form.words):
            for match in re.finditer(form.pattern, text):
                if not any(start < match.end() and match.start() < end for start, end in taken):
                    taken.append(match.span())
                    yield form.what, *match.span()
    for match in _named(text):
        group = "quoted" if match["quoted"] else "bare"
        start, end = match.span(group)
        if not any(one < end and start < other for one, other in taken):
            yield "a secret by its name", start, end


def _named(text: str) -> Iterator[re.Match[str]]:
    """Where what looks like a secret is assigned to the name of one. One pattern alone would take ten times as long."""
    end = 0
    lower = text.encode("latin-1", "replace").lower().decode("latin-1")
    for start in _STARTS.finditer(lower):
        match = _NAMED.match(text, start.start()) if start.start() >= end else None
        if match and _is_secret(text, match):
            end = match.end()
            yield match


def _is_secret(text: str, match: re.Match[str]) -> bool:
    """Whether what was assigned to a name that may be one of a secret looks like one."""
    before = _BEFORE.search(text, max(0, match.start() - 40), match.start())
    name = (before[0] if before else "") + re.split(r"[\"'\]\s:=,>\\]", match[0], maxsplit=1)[0]
    value, is_bare = match["quoted"] or match["bare"], match["quoted"] is None
    if not is_secret_name(name) or _PLACEHOLDER.search(value) or _PATH.match(value) or value.count(" ") > 2:
        return False
    if is_bare and (_CODE.search(value) or (match["gap"] and value.isidentifier() and not _is_strong(value, 16))):
        return _is_password_line(name, value)
    if _is_short(name):
        return bool(_TOKEN.match(value)) and not _PLAIN.match(value) and _is_strong(value, 6)
    if _is_password(name) and not (match["comma"] or match["tag"] or match["call"]):
        return not is_bare or not match["gap"] or not value.isalpha()
    return (not _PLAIN.match(value) and _is_strong(value, 8)) or (not match["call"] and _is_random(value))


def _is_password_line(name: str, value: str) -> bool:
    """`password: hunter2`, which could be a variable of a program but for the digit."""
    is_word = value.isidentifier() and not value.isalpha() and "_" not in value
    return _is_password(name) and is_word and len(value) >= 6


def _is_password(name: str) -> bool:
    return bool(_PASSWORDS.fullmatch(_last_word(name)))


def _is_short(name: str) -> bool:
    """Whether a name means a secret only if its value looks like one: a pass may be one over some data."""
    return bool(_SHORT.fullmatch(_last_word(name)))


def _last_word(name: str) -> str:
    words = [word.lower() for word in _WORDS.findall(name) if not word.isdigit()]
    return words[-1] if words else ""


def _is_strong(value: str, least: int) -> bool:
    """Whether a text is long, and mixes letters with digits, as keys do and words do not."""
    has_both = any(each.isdigit() for each in value) and any(each.isalpha() for each in value)
    return len(value) >= least and has_both and _bits(value) >= 2.5


def _is_random(value: str) -> bool:
    """Whether letters alone look drawn by lot."""
    is_mixed = value != value.lower() and value != value.upper() and " " not in value
    return len(value) >= 20 and is_mixed and _bits(value) >= 3.8 and not re.search(r"[-_. /][a-z]{3,}[-_. /]", value)


def _bits(value: str) -> float:
    """Shannon's entropy of a text, per character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())


def _masked_pair(argument: str) -> str:
    """`--api-key=…`, `password=…` and the like without the value; else without what looks like a secret."""
    name, mark, value = argument.partition("=")
    is_name = bool(mark) and not re.search(r"[\s:/{\"']", name)
    if is_name and value and is_secret_name(name) and not _is_plain_value(name, value):
        return f"{name}={MASK}"
    return masked(argument)


def _is_plain_value(name: str, value: str) -> bool:
    """A yes, a no or a number, which is no token; a password it may be."""
    is_flag = value.lower() in ("true", "false", "none", "null", "auto", "")
    return is_flag or (not _is_password(name) and value.isdigit() and len(value) < 7)
