"""The forms of secrets that can be told by themselves: keys and tokens of services, and where a text names one.

Each has a word that stands in it, for a quick look; what is regular about it; and what it is, for a message.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """`words`: a text without any of them has no such secret. So most patterns are never compiled."""

    what: str
    words: tuple[str, ...]
    pattern: str


def _form(what: str, words: str, pattern: str) -> Form:
    return Form(what, tuple(words.split(" ")), pattern)


# No word begins before or goes on after them.
_ALONE, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"

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
    _form("a login", "machine", r"machine\s+\S+\s+login\s+\S+\s+password\s+\S+"),
    _form("a login", "_authToken _auth _password", r"(?<!\w)_(?:authToken|auth|password)=[\w+/=.\-]{6,}"),
    _form("a login", "curl", r"curl\b[^\n]{0,200}\s(?:-u|--user)[ =]?['\"]?[^\s:'\"$]+:[^\s'\"$]+"),
)
