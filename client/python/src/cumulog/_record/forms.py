"""The forms of secrets that can be told by themselves: keys and tokens of services, and where a text names one.

Each has a word that stands in it, for a quick look; what is regular about it; and what it is, for a message.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Form(NamedTuple):
    """`words`: a text without any of them has no such secret. So most patterns are never compiled."""

    what: str
    words: tuple[str, ...]
    pattern: str


def _form(what: str, words: str, pattern: str) -> Form:
    return Form(what, tuple(words.split()), pattern)


# No word begins before or goes on after them.
_ALONE, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"

_QUOTED = r"[rbf]?[\"']"
_NAME = r"(?:password|passwd|(?<!page[_\-])token|secret|(?:api|access)[_\-]?key|_pass|pwd)"
# What stands where a password does: no variable, and no word for one.
_VALUE = r"(?!(?:password|passwd|pass|pw|secret|token|x+|\*+)[\s\"'])[^\s\"'$<>{}()\[\]|,;%\-][^\s\"'$<>{}()|]{3,}"
# Letters beside digits, as in few words.
_MIXED = r"(?=[\w+/=.\-]*(?:[A-Za-z]\d[A-Za-z]|\d[A-Za-z]{2}|[A-Za-z]{2}\d{3}))[\w+/=.]{2}[\w+/=.\-]{6,}"
_CALLED = r"(?:\bauth=\(|(?:BasicAuth|DigestAuth|\.login)\()\s?"
_ID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
# By what they begin with, what follows.
_SERVICES: Mapping[str, str] = {
    **dict.fromkeys(("EAACEd", "sl.B", "sl.u.", "ops_eyJ"), r"[\w\-]{50,}"),
    **dict.fromkeys(("CLOJARS_", "sgp_", "e2b_", "squ_", "sqp_", "sqa_", "bkua_", "shippo_live_"), r"[0-9a-f]{40,}"),
    **dict.fromkeys(("CFPAT-", "csk-", "phx_", "phs_", "tfp_", "rpa_", "jina_", "y0_", "AQVN"), r"[\w\-]{35,}"),
    **dict.fromkeys(("nfp_", "sess-", "pnu_", "pnb_", "tvly-", "sb_secret_", "esecret_", "fio-u-"), r"[\w\-]{28,}"),
    **dict.fromkeys(("HRKU-", "sdk-", "access-sandbox-", "access-production-"), _ID),
    **dict.fromkeys(("pat-na1-", "pat-eu1-"), _ID),
    **dict.fromkeys(("fc-", "KGAT_", "FLWSECK-", "FLWSECK_TEST-"), rf"[0-9a-f]{{32}}(?:-X)?{_END}"),
    **dict.fromkeys(("mlsn.", "rdme_"), r"[0-9a-f]{60,}"),
    "AAAAAAAAAAAAAAAAAAAAA": r"(?=[\w%]*\d)[\w%]{60,}",
    "AKCp": r"[A-Za-z0-9]{60,}",
    "AKLT": r"[A-Za-z0-9]{36,}",
    "CCIPAT_": r"\w{22}_[0-9a-f]{40}",
    "EZAK": rf"[A-Za-z0-9]{{54}}{_END}",
    "GR1348941": r"[\w\-]{20,}",
    "LTAI": rf"[A-Za-z0-9]{{16,24}}{_END}",
    "SSWS ": r"00[\w\-]{38,}",
    "cmVmdGtuOj": r"[\w+/=]{40,}",
    "dt0c01.": r"[A-Z0-9]{24}\.[A-Z0-9]{64}",
    "oy2": rf"(?=[a-z]*\d)[a-z0-9]{{43}}{_END}",
    "pa-": rf"(?=[A-Za-z_\-]*\d)[\w\-]{{43}}{_END}",
    "sk_": rf"(?:[0-9a-f]{{48}}){_END}",
    "tskey-": r"[a-z]+-[\w\-]{20,}",
    "v1.0-": r"[0-9a-f]{24}-[0-9a-f]{146}",
    "xkeysib-": r"[0-9a-f]{64}-\w{16}",
}

FORMS = (
    _form(
        "a private key",
        "PRIVATE",
        r"-----BEGIN[A-Z0-9 ]* PRIVATE KEY(?: BLOCK)?-----(?s:.*?)(?:-----END[A-Z0-9 ]*-----|\Z)",
    ),
    _form("a private key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d[^\n]*"),
    _form("a private key", "AGE-SECRET-KEY", r"AGE-SECRET-KEY-1[0-9A-Z]{30,}"),
    _form("a key of AWS", "AKIA ASIA ABIA ACCA", rf"{_ALONE}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{{16}}{_END}"),
    _form("a key of AWS", "ABSK bedrock-api-key", rf"{_ALONE}(?:ABSK[\w+/=]{{60,}}|bedrock-api-key-[\w+/=]{{30,}})"),
    _form("a token of GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{30,}"),
    _form("a token of GitHub", "github_pat_", r"github_pat_\w{22,}"),
    _form("a token of GitLab", "gl", rf"{_ALONE}gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w.\-]{{16,}}"),
    _form("a token of Bitbucket", "ATBB ATCTT3", rf"{_ALONE}(?:ATBB[A-Za-z0-9]{{20,}}|ATCTT3[\w=\-]{{20,}})"),
    _form("a token of Atlassian", "ATATT3", r"ATATT3[\w=\-]{20,}"),
    _form("a token of Hugging Face", "hf_ api_org_", rf"{_ALONE}(?:hf|api_org)_[A-Za-z0-9]{{30,}}"),
    _form("a token of Slack", "xox xapp-", rf"{_ALONE}(?:xox[a-z]|xapp)-[\w\-]{{10,}}"),
    _form("a webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{20,}"),
    _form("a webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w\-]{30,}"),
    _form("a webhook", "webhook.office.com", r"[\w.]*webhook\.office\.com/webhookb2/[\w@\-/]{30,}"),
    _form("a key of OpenAI or Anthropic", "sk-", rf"{_ALONE}sk-(?=[A-Za-z_\-]*\d)[\w\-]{{20,}}"),
    _form("a key of Google", "AIza", rf"{_ALONE}AIza[\w\-]{{35}}"),
    _form(
        "a token of Google",
        "ya29. GOCSPX- 1//0",
        rf"{_ALONE}(?:ya29\.[\w\-.]{{20,}}|GOCSPX-[\w\-]{{20,}}|1//0[\w\-]{{30,}})",
    ),
    _form("a key of Azure", "AccountKey= AccessKey=", r"(?:AccountKey|SharedAccessKey|AccessKey)=[\w+/=]{20,}"),
    _form("a secret of Azure", "8Q~", r"[\w.~\-]{3}8Q~[\w.~\-]{31,}"),
    _form(
        "a signed URL",
        "sig= Signature= Security-Token=",
        r"[?&](?:sig|Signature|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature)=[\w%+/=\-]{20,}",
    ),
    _form(
        "a JSON web token",
        "eyJ",
        rf"{_ALONE}eyJ[\w\-]{{8,}}\.eyJ[\w\-]{{8,}}\.[\w\-]*|{_ALONE}eyJ[\w\-]{{15,}}(?:\.[\w\-]*){{4}}",
    ),
    _form(
        "a key of Stripe",
        "_live_ _test_ whsec_",
        rf"{_ALONE}(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{{10,}}|whsec_[\w+/=]{{20,}})",
    ),
    _form("a key of Twilio", "SK", rf"{_ALONE}SK[0-9a-f]{{32}}{_END}"),
    _form("a key of SendGrid", "SG.", rf"{_ALONE}SG\.[\w\-]{{16,}}\.[\w\-]{{16,}}"),
    _form("a key of Mailgun", "key-", rf"{_ALONE}key-[0-9a-f]{{32}}{_END}"),
    _form("a key of Mailchimp", "-us", rf"{_ALONE}[0-9a-f]{{32}}-us\d{{1,2}}{_END}"),
    _form("a token of npm", "npm_", rf"{_ALONE}npm_[A-Za-z0-9]{{30,}}"),
    _form("a token of PyPI", "pypi-", rf"{_ALONE}pypi-[\w\-]{{50,}}"),
    _form("a token of RubyGems", "rubygems_", r"rubygems_[0-9a-f]{40,}"),
    _form("a token of Docker", "dckr_", r"dckr_(?:pat|oat)_[\w\-]{20,}"),
    _form("a token of DigitalOcean", "_v1_", rf"{_ALONE}do[opr]_v1_[0-9a-f]{{40,}}"),
    _form("a token of Databricks", "dapi", rf"{_ALONE}dapi[0-9a-f]{{32}}"),
    _form("a key of Weights & Biases", "wandb_v", rf"{_ALONE}wandb_v\d_\w{{20,}}"),
    _form("a token of Cumulog", "cml_", rf"{_ALONE}cml_[ps]_[0-9A-Za-z]{{20,}}"),
    _form("a token of Notion", "ntn_ secret_", rf"{_ALONE}(?:ntn_[A-Za-z0-9]{{40,}}|secret_[A-Za-z0-9]{{43}}){_END}"),
    _form(
        "a token of Linear, Figma or Postman",
        "lin_ figd_ PMAK-",
        rf"{_ALONE}(?:lin_(?:api|oauth)_|figd_|PMAK-)[\w\-]{{30,}}",
    ),
    _form("a token of Shopify", "shp", rf"{_ALONE}shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{32}}"),
    _form("a token of Square", "sq0", rf"{_ALONE}sq0[a-z]{{3}}-[\w\-]{{20,}}"),
    _form("a token of Telegram", ":AA", rf"{_ALONE}\d{{8,10}}:AA[\w\-]{{30,}}"),
    _form("a token of Discord", ".", rf"{_ALONE}[MNO][A-Za-z0-9_\-]{{23,27}}\.[\w\-]{{6}}\.[\w\-]{{27,}}"),
    _form("a token of Vault", "hvs. hvb. hvr.", rf"{_ALONE}hv[sbr]\.[\w\-]{{20,}}"),
    _form("a token of Terraform", "atlasv1", r"\w{14}\.atlasv1\.[\w\-]{40,}"),
    _form("a token of Grafana", "glsa_ glc_", rf"{_ALONE}(?:glsa|glc)_[\w+/=]{{30,}}"),
    _form("a key of New Relic", "NRAK- NRII- NRJS-", rf"{_ALONE}NR(?:AK|II|JS)-[\w\-]{{19,}}"),
    _form("a token of Sentry", "sntry", rf"{_ALONE}sntry[su]_[\w+/=]{{30,}}"),
    _form(
        "a token of a cloud",
        "pul- dp. sbp_ pscale_ fo1_ FlyV1",
        rf"{_ALONE}(?:pul-[0-9a-f]{{40}}|dp\.(?:pt|st|ct)\.[\w.\-]{{30,}}|sbp_[0-9a-f]{{40}}|"
        rf"pscale_(?:tkn|oauth|pw)_[\w.=\-]{{30,}}|"
        rf"fo1_[\w\-]{{40,}}|FlyV1 [\w+/=,\-]{{30,}})",
    ),
    _form(
        "a key of a model's service",
        "r8_ gsk_ xai- pplx- nvapi- pcsk_ lsv2_ tgp_v1_ fw_",
        rf"{_ALONE}(?:(?:r8|gsk|fw)_[A-Za-z0-9]{{20,}}|xai-\w{{40,}}|pplx-[\w]{{30,}}|"
        rf"nvapi-[\w\-]{{40,}}|pcsk_\w{{30,}}|lsv2_(?:pt|sk)_\w{{30,}}|tgp_v1_[\w\-]{{30,}})",
    ),
    _form(
        "credentials in a header",
        "uthorization UTHORIZATION",
        r"(?i:authorization)\\?[\"']?\s{0,3}[:=,]\s{0,3}\\?[\"']?(?:(?i:bearer|basic|token|apikey|digest)\s+)?(?=[A-Za-z+/=_~\-]*\d)[\w+/=.~\-]{12,}",
    ),
    _form("credentials in a header", "earer", r"(?i:bearer)\s+[\w+/=.~\-]*\d[\w+/=.~\-]{15,}"),
    _form(
        "a password in a URL",
        "://",
        r"(?<=://)[^\s/:@'\"<>{}$]*:(?!(?:password|pass|pwd|token|secret|x+|\*+)@)[^\s/@'\"<>{}$]+(?=@[\w\[])",
    ),
    _form(
        "a token in a URL",
        "://",
        r"(?<=://)(?!(?:git|hg|svn|anonymous|user|username|oauth2|root|ubuntu|ec2-user)@)(?=[A-Za-z_.~%\-]*\d)[\w.~%\-]{16,}(?=@[\w\[])",
    ),
    _form("a login", "machine", r"machine\s+\S+\s+(?:login\s+\S+\s+)?password\s+\S+"),
    _form("a login", "_authToken _auth _password", r"(?<!\w)_(?:authToken|auth|password)=[\w+/=.\-]{6,}"),
    _form("a login", "curl", r"curl\b[^\n]{0,200}\s(?:-u|--user)[ =]?['\"]?[^\s:'\"$]+:[^\s'\"$]+"),
    *(_form("a token of a service", word, rf"{_ALONE}{re.escape(word)}{rest}") for word, rest in _SERVICES.items()),
    _form(
        "a key of Azure",
        "JQQJ99 +ASt +ASb +AMC +AEh AzSe",
        r"[\w+/]{40,}(?:JQQJ99|\+(?:AS[tb]|AMC|AEh)|AzSe)[\w+/=]{6,}",
    ),
    _form("a token of Airtable", "pat", rf"{_ALONE}pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}{_END}"),
    _form("a token of Mapbox", "sk.eyJ", rf"{_ALONE}sk\.eyJ[\w\-]{{20,}}\.[\w\-]{{15,}}"),
    _form("a token in a URL", "cloudsmith", r"dl\.cloudsmith\.io/(?!public/|basic/)[A-Za-z0-9]{16}/"),
    _form("a key of Weights & Biases", "wandb", rf"wandb[. ]login[( ][^)\n]{{0,80}}?(?<![0-9a-f])[0-9a-f]{{40}}{_END}"),
    _form("a key of Comet", "comet", rf"comet_ml\.\w+\([^)\n]{{0,60}}?{_QUOTED}[A-Za-z0-9]{{24,}}[\"']"),
    _form(
        "a cookie",
        "ookie",
        r"(?i:cookie)\\?[\"']?\s?[:=,]\s?\\?[\"']?[^\n\"']{0,200}?=(?=[^\s;\"']*\d)[\w%+/=.\-]{16,}",
    ),
    _form("a login", "%3D %3d", rf"(?i){_NAME}%3D[\w%.\-]{{6,}}"),
    _form(
        "a login",
        "auth=( BasicAuth( DigestAuth( .login(",
        rf"{_CALLED}{_QUOTED}[^\"'\n]{{1,60}}[\"'],\s?{_QUOTED}{_VALUE}[\"']",
    ),
    _form("a login", "sshpass", rf"sshpass\s+-p\s?['\"]?{_VALUE}"),
    _form("a login", "mysql", rf"mysql\w*\b[^\n]{{0,100}}\s-p{_VALUE}"),
    _form("a login", "redis-cli", rf"redis-cli\b[^\n]{{0,100}}\s-a\s['\"]?{_VALUE}"),
    _form(
        "a login",
        "login",
        rf"{_ALONE}(?:docker|podman|helm|skopeo|oc)\s[\w ]{{0,20}}login\b[^\n]{{0,150}}\s-p\s?['\"]?{_VALUE}",
    ),
    _form("a login", "pass:", rf"-pass(?:in|out)?\s+pass:{_VALUE}"),
    _form("a login", "sudo", rf"echo\s+['\"]?{_VALUE}['\"]?\s*\|\s*sudo\s+(?:-\w+\s+)*-S"),
    _form("a login", "jdbc", r"jdbc:oracle:\w+:\w+/[^@\s]+@"),
    _form(
        "a secret by its name",
        "ENV ARG setenv #define %env",
        rf"{_ALONE}(?:ENV|ARG|setenv|define|%env)\s{{1,4}}(?i:\w{{0,40}}?{_NAME})\s+[\"']?{_MIXED}",
    ),
    _form("a secret by its name", "--", rf"(?<![\w\-])--(?i:[\w\-]{{0,30}}?{_NAME})\s+[\"']?{_MIXED}"),
    _form(
        "a secret by its name",
        "default",
        rf"[\"']-{{1,2}}(?i:[\w\-]{{0,30}}?{_NAME})[\"'],[^\n()]{{0,120}}?\bdefault\s?=\s?[\"']{_MIXED}",
    ),
)
