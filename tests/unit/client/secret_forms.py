"""Secrets that nobody has, in the forms in which people write them down; and innocent things that look alike.

They are put together here, so that no scanner takes this file for a leak.
"""

import random
import string

_random = random.Random(4711)
_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_ID = "a1b2c3d4-e5f6-7890-abcd-ef0123456789"


def drawn(count: int, letters: str = _LETTERS) -> str:
    """So many characters by lot; a digit is among the first."""
    text = "".join(_random.choice(letters) for _ in range(count))
    return text[:2] + "7" + text[3:]


def _url(login: str) -> str:
    return f"https://{login}@example.org/x.git"


_JWT = f"eyJ{drawn(20)}.eyJ{drawn(40)}.{drawn(43)}"
_PEM = "-----BEGIN {}PRIVATE KEY-----\n" + "\n".join(drawn(64) for _ in range(4)) + "\n"

# The part that must be found nowhere, and the text in which it stands.
TOKENS = [
    *(f"{kind}{drawn(36)}" for kind in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    f"github_pat_{drawn(22)}_{drawn(59)}",
    *(f"{kind}-{drawn(20)}" for kind in ("glpat", "glptt", "glrt", "gldt", "glft", "glcbt", "glagent")),
    *(f"{kind}{drawn(16, string.ascii_uppercase + '234567')}" for kind in ("AKIA", "ASIA")),
    *(f"{kind}{drawn(34)}" for kind in ("hf_", "api_org_")),
    *(f"{kind}-{drawn(12, '0123456789')}-{drawn(24)}" for kind in ("xoxb", "xoxp", "xoxa", "xoxe", "xapp-1")),
    *(f"sk-{kind}{drawn(48)}" for kind in ("", "proj-", "svcacct-", "admin-", "ant-api03-", "or-v1-")),
    f"AIza{drawn(35)}",
    f"ya29.{drawn(60)}",
    f"GOCSPX-{drawn(28)}",
    f"1//0{drawn(60)}",
    f"{drawn(3)}8Q~{drawn(34)}",
    _JWT,
    f"sk_live_{drawn(24)}",
    f"rk_test_{drawn(24)}",
    f"whsec_{drawn(32)}",
    f"SK{drawn(32, _HEX)}",
    f"SG.{drawn(22)}.{drawn(43)}",
    f"key-{drawn(32, _HEX)}",
    f"{drawn(32, _HEX)}-us14",
    f"npm_{drawn(36)}",
    f"pypi-AgEIcHlwaS5vcmc{drawn(80)}",
    f"rubygems_{drawn(48, _HEX)}",
    f"dckr_pat_{drawn(27)}",
    *(f"do{kind}_v1_{drawn(64, _HEX)}" for kind in "opr"),
    f"dapi{drawn(32, _HEX)}",
    f"cml_p_{drawn(40)}",
    f"ntn_{drawn(46)}",
    f"secret_{drawn(43)}",
    f"lin_api_{drawn(40)}",
    f"figd_{drawn(40)}",
    f"PMAK-{drawn(24, _HEX)}-{drawn(34, _HEX)}",
    *(f"shp{kind}_{drawn(32, _HEX)}" for kind in ("at", "ca", "pa", "ss")),
    f"sq0atp-{drawn(22)}",
    f"123456789:AA{drawn(33)}",
    f"M{drawn(23)}.{drawn(6)}.{drawn(38)}",
    f"hvs.{drawn(90)}",
    f"{drawn(14)}.atlasv1.{drawn(67)}",
    f"glsa_{drawn(32)}_{drawn(8, _HEX)}",
    f"NRAK-{drawn(27, string.ascii_uppercase)}",
    f"sntrys_eyJ{drawn(90)}",
    f"pul-{drawn(40, _HEX)}",
    f"dp.pt.{drawn(43)}",
    f"sbp_{drawn(40, _HEX)}",
    f"pscale_tkn_{drawn(43)}",
    f"r8_{drawn(37)}",
    f"gsk_{drawn(52)}",
    f"xai-{drawn(80)}",
    f"pplx-{drawn(48)}",
    f"nvapi-{drawn(64)}",
    f"pcsk_{drawn(70)}",
    f"lsv2_pt_{drawn(32, _HEX)}_{drawn(10, _HEX)}",
    f"AGE-SECRET-KEY-1{drawn(58, string.ascii_uppercase)}",
    f"ATATT3{drawn(60)}",
    f"ATBB{drawn(32)}",
    f"EAACEdEose0cBA{drawn(60)}",
    f"{'A' * 21}{drawn(70)}",
    *(f"{kind}{_ID}" for kind in ("HRKU-", "sdk-", "access-sandbox-", "pat-na1-")),
    f"sl.B{drawn(130)}",
    f"pat{drawn(14)}.{drawn(64, _HEX)}",
    f"v1.0-{drawn(24, _HEX)}-{drawn(146, _HEX)}",
    *(f"{kind}{drawn(43)}" for kind in ("CFPAT-", "csk-", "phx_", "tfp_", "rpa_", "AKLT", "pa-")),
    *(f"{kind}{drawn(36)}" for kind in ("nfp_", "sess-", "pnu_", "tvly-", "sb_secret_", "esecret_", "AQVN", "fio-u-")),
    *(f"{kind}{drawn(60)}" for kind in ("jina_", "y0_", "AKCp", "cmVmdGtuOj", "ops_eyJ")),
    *(f"{kind}{drawn(40, _HEX)}" for kind in ("sgp_", "e2b_", "squ_", "sqp_", "bkua_", "shippo_live_")),
    *(f"{kind}{drawn(32, _HEX)}" for kind in ("fc-", "KGAT_", "FLWSECK-")),
    *(f"{kind}{drawn(70, _HEX)}" for kind in ("mlsn.", "rdme_", "CLOJARS_")),
    f"GR1348941{drawn(20)}",
    f"sk.eyJ{drawn(60)}.{drawn(22)}",
    f"xkeysib-{drawn(64, _HEX)}-{drawn(16)}",
    f"tskey-auth-{drawn(16)}-{drawn(32)}",
    f"LTAI{drawn(20)}",
    f"dt0c01.{drawn(24, _UPPER)}.{drawn(64, _UPPER)}",
    f"EZAK{drawn(54)}",
    f"sk_{drawn(48, _HEX)}",
    f"CCIPAT_{drawn(22)}_{drawn(40, _HEX)}",
    f"{drawn(52)}JQQJ99BAAAAA{drawn(6)}AZDO{drawn(4)}",
    f"{drawn(76)}+ASt{drawn(6)}==",
    f"SSWS 00{drawn(40)}",
    f"oy2{drawn(43, string.ascii_lowercase + string.digits)}",
    f"dl.cloudsmith.io/{drawn(16)}/",
]
WEAK, STRONG, HEX, BASE64 = "hunter2x", drawn(24), drawn(40, _HEX), f"{drawn(38)}+/"
PLANTED = [
    *((token, f"x = 1\nprint('{token}')\n") for token in TOKENS),
    *((_PEM[40:90], _PEM.format(kind)) for kind in ("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ")),
    *(
        (STRONG, f"{name} = '{STRONG}'\n")
        for name in ("api_key", "API_KEY", "clientSecret", "access_token", "SECRET_KEY")
    ),
    *((STRONG, f"{name}={STRONG}\n") for name in ("API_TOKEN", "export HUB_TOKEN", "AWS_SESSION_TOKEN", "app.secret")),
    *(
        (HEX, f'"{name}": "{HEX}",\n')
        for name in ("wandb_api_key", "comet-api-key", "auth_token", "privateKey", "token")
    ),
    *(
        (BASE64, f"{name}: {BASE64}\n")
        for name in ("aws_secret_access_key", "account-key", "signing_key", "client_secret")
    ),
    *((WEAK, f'{name} = "{WEAK}"\n') for name in ("password", "DB_PASSWORD", "passwd", "root_pwd", "passphrase")),
    (WEAK, f"password: {WEAK}\n"),
    (WEAK, f"PGPASSWORD={WEAK}\n"),
    (WEAK, f"machine example.org login ada password {WEAK}\n"),
    (WEAK, f"curl -u ada:{WEAK} https://example.org\n"),
    (WEAK, f"engine = create_engine('postgresql://ada:{WEAK}@db.example.org/x')\n"),
    (WEAK, _url(f"ada:{WEAK}")),
    (STRONG, _url(STRONG)),
    (STRONG, f"Server=db;User Id=ada;Password={STRONG};\n"),
    (STRONG, f"AccountKey={STRONG}==;EndpointSuffix=core.windows.net\n"),
    (STRONG, f'headers = {{"Authorization": "Bearer {STRONG}"}}\n'),
    (STRONG, f"Authorization: Basic {STRONG}==\n"),
    (STRONG, f"//registry.example.org/:_authToken={STRONG}\n"),
    (STRONG, f"https://blob.example.org/x?sv=1&sig={STRONG}%3D\n"),
    (STRONG, f"https://hooks.slack.com/services/T00000000/B00000000/{STRONG}\n"),
    (STRONG, f"https://discord.com/api/webhooks/123456789/{STRONG}{STRONG}\n"),
    (STRONG, f'os.environ["HF_TOKEN"] = "{STRONG}"\n'),
    (STRONG, f'os.environ.setdefault("API_KEY", "{STRONG}")\n'),
    (STRONG, f"api_key: str = '{STRONG}'\n"),
    (STRONG, f'"api_key = \\"{STRONG}\\"\\n"'),
    *((WEAK, f"{name}={WEAK}\n") for name in ("DB_PASS", "NEXUS_PW", "dbPass")),
    *(
        (STRONG, f"{name}: {STRONG}\n")
        for name in ("GITHUB_PAT", "NPM_AUTH", "X-Api-Key", "X-Auth-Token", "PRIVATE-TOKEN")
    ),
    *((HEX, f"{before}{HEX}{after}\n") for before, after in (("wandb.login(key='", "')"), ("wandb login ", ""))),
    (STRONG, f"comet_ml.Experiment('{STRONG}')\n"),
    (WEAK, f"requests.get(url, auth=('ada', '{WEAK}'))\n"),
    (WEAK, f"HTTPBasicAuth('ada', '{WEAK}')\n"),
    (WEAK, f"smtp.login('ada@example.org', '{WEAK}')\n"),
    (WEAK, f"- name: DB_PASSWORD\n  value: {WEAK}\n"),
    (STRONG, f'{{"name": "API_KEY", "value": "{STRONG}"}}\n'),
    (WEAK, f'<add key="Password" value="{WEAK}"/>\n'),
    (WEAK, f"<password>{WEAK}</password>\n"),
    (STRONG, f"<apiKey>{STRONG}</apiKey>\n"),
    *((WEAK, f"{word} DB_PASSWORD {WEAK}\n") for word in ("ENV", "ARG", "setenv", "%env")),
    (WEAK, f'#define PASSWORD "{WEAK}"\n'),
    (WEAK, f'password = SecretStr("{WEAK}")\n'),
    (WEAK, f'password = ("{WEAK}")\n'),
    (STRONG, f'api_key: str = Field(default="{STRONG}")\n'),
    (STRONG, f'let token = String::from("{STRONG}");\n'),
    (STRONG, f'{{"token": ["{STRONG}"]}}\n'),
    (STRONG, f'parser.add_argument("--api-key", default="{STRONG}")\n'),
    (WEAK, f'parser.add_argument("--password", type=str, default="{WEAK}")\n'),
    (STRONG, f"python train.py --api-key {STRONG} --lr 1\n"),
    (WEAK, f"mysql -u root -p{WEAK} db\n"),
    (WEAK, f"sshpass -p '{WEAK}' ssh host\n"),
    (WEAK, f"redis-cli -h host -a {WEAK}\n"),
    (WEAK, f"docker login -u ada -p {WEAK}\n"),
    (WEAK, f"openssl rsa -passin pass:{WEAK}\n"),
    (WEAK, f"echo {WEAK} | sudo -S ls\n"),
    (WEAK, f"machine example.org password {WEAK}\n"),
    (WEAK, f"jdbc:oracle:thin:ada/{WEAK}@host\n"),
    (WEAK, f"password: |\n  {WEAK}\n"),
    (STRONG, f"Cookie: session={STRONG}\n"),
    (STRONG, f"token%3D{STRONG}\n"),
    ("JBSWY3DPEHPK3PXP", "otpauth://totp/x:ada?secret=JBSWY3DPEHPK3PXP&issuer=x\n"),
]
ARGUMENTS = [
    (WEAK, ["--token", WEAK]),
    (WEAK, [f"--api-key={WEAK}"]),
    (WEAK, [f"password={WEAK}"]),
    (WEAK, ["--db-password", WEAK]),
    (WEAK, [f"trainer.auth_token={WEAK}"]),
    (WEAK, [f"+db.password={WEAK}"]),
    (WEAK, ["--clientSecret", WEAK]),
    (WEAK, ["-u", f"ada:{WEAK}"]),
    (WEAK, ["--aws_secret_access_key", WEAK]),
    (WEAK, [f'{{"password": "{WEAK}"}}']),
    (WEAK, [f"postgres://ada:{WEAK}@host/db"]),
    (WEAK, [f"HF_TOKEN={WEAK}"]),
    (HEX, ["--wandb-key", HEX]),
    (WEAK, ["--login.pass", WEAK]),
    (WEAK, [f"--password:{WEAK}"]),
    ("12345678", ["--password", "12345678"]),
    (STRONG, ["-H", f"Authorization: Bearer {STRONG}"]),
    *((token, ["--name", token]) for token in TOKENS[:8]),
]
INNOCENT = [
    *("pad_token_id = 50256", "tokenizer = AutoTokenizer.from_pretrained('gpt2-medium-v2')", "max_tokens: 4096"),
    *(
        "num_tokens=123456789",
        "token = tokenizer.encode(text)",
        "key = jax.random.PRNGKey(0)",
        "sort_key = 'loss123abc456'",
    ),
    *(
        "password = os.environ['PASSWORD']",
        "password = getpass.getpass()",
        "api_key = config.api_key",
        "token: str = ''",
    ),
    *(
        "api_key='YOUR_API_KEY'",
        "token = '<your token>'",
        "password: ${DB_PASSWORD}",
        "secret: null",
        "eos_token: '</s>'",
    ),
    *(
        "https://github.com/org/repo.git",
        "git@github.com:org/repo.git",
        "ssh://git@github.com/org/repo",
        "s3://bucket/a@b",
    ),
    *(
        "https://user:password@example.org",
        "mask_token = '[MASK]'",
        "def reset_password(user): ...",
        "key-value",
        "sk-learn",
    ),
    *("commit 0123456789abcdef0123456789abcdef01234567", f"sha256:{'0123456789abcdef' * 4}", f"digest = '{HEX}'"),
    *(
        "tokenizers==0.15.0",
        "secretstorage==3.3.3",
        "python-keycloak==2.0",
        "--hash=sha256:0a1b2c3d",
        "model = 'bert-base-2'",
    ),
    *("print('password is wrong')", "tokens_per_second = 12345.678", "id = 'a1b2c3d4-e5f6-7890-abcd-ef0123456789'"),
    *(
        "from secrets import token_hex",
        "class TokenError(Exception): ...",
        "auth = get_auth(session)",
        "use_auth_token=True",
    ),
    *(
        "private_key_path = '/etc/ssl/key'",
        "public_key = 'ed25519'",
        "-----BEGIN PUBLIC KEY-----",
        "secret_santa = 'ada'",
    ),
    *(
        "lr=0.1 # hf_hub is off",
        "AKIA",
        "ghp_",
        "eyJ",
        "next_page_token='eyJpbmRleCI6IDExfQ'",
        "tokens = ['a1', 'b2c3d4e5f6']",
    ),
]
INNOCENT += [
    *("pat = re.compile('[a-z][A-Z]{2}')", "forward_pass = 'encoder1'", "pass: 3", "n_pass=1000", "auth: none"),
    *(
        "auth=(user, password)",
        "f.login('ada', password)",
        "smtp.login(user, 'password')",
        "docker login -u ada -p $PW",
    ),
    *("password = os.environ.get('DB_PASSWORD')", "if token>threshold:", "<label for='password'>Password</label>"),
    *("ARG TOKEN", "ENV TOKENIZERS_PARALLELISM false", "--page-token eyJvZmZzZXQiOiA1MH0=", "mysql -u root -p db"),
    *("parser.add_argument('--pad-token', default='<pad>')", "parser.add_argument('--token', default=None)"),
    *("key = 'a1b2c3d4e5f6'", "- name: DB_PASSWORD\n  valueFrom: x", "cache-key: linux-py311-a1b2c3"),
]
INNOCENT_ARGUMENTS = [
    ["--max-tokens", "4096"],
    ["--pad-token", "<pad>"],
    ["--tokenizer", "bert-base-uncased"],
    ["--use-auth-token", "true"],
    ["--sort-key", "loss"],
    ["--lr=0.1", "model.hidden=256", "+trainer.max_epochs=3"],
    ["--data", "s3://bucket/train.csv"],
    ["--keypoints", "17"],
    ["--seed", "1234567890"],
]
SECRET_FILES = [
    *(
        ".env",
        ".env.local",
        "prod.env",
        "server.pem",
        "tls.key",
        "id_rsa",
        "id_ed25519",
        "credentials",
        "credentials.json",
    ),
    *(".netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".htpasswd", "kaggle.json", "client_secret_1.json"),
    *("service-account.json", "store.jks", "cert.p12", "vault.kdbx", "terraform.tfstate", "secrets.yaml", "token.json"),
    *(".ssh/config", "home/.aws/config", ".bash_history", ".python_history", "kubeconfig", "gcp-credentials.json"),
]
INNOCENT_FILES = [
    *(
        "train.py",
        "tokenizer.json",
        "secrets.py",
        "credentials.py",
        ".env.example",
        "id_rsa.pub",
        "keys.csv",
        "notes.md",
    ),
    *("environment.yml", "keyboard.txt", "monkey.py", "tokens.py", "data/history.csv", "special_tokens_map.json"),
]
