"""Sensitive places, as patterns: credential stores, wallets, browsers, an agent's own memory, where programs start."""

import re
import sys
from collections.abc import Callable
from functools import lru_cache, wraps

from vetting.reading.prefilter import guard_module, known

_HOME = (
    r"(?:~|\$\{?HOME\}?|%userprofile%|%appdata%|%localappdata%|/home/[\w.$<>{}-]{1,40}|/Users/[\w.$<>{}-]{1,40}|/root)?"
)

# Files that hold other programs' credentials. A skill's own configuration is not among them.
CREDENTIALS = re.compile(
    r"(?<![\w.])\.ssh(?![\w.-])(?:[/\\]{1,2}(?!config\b|known_hosts|authorized_keys)[\w*.-]{0,40})?"
    r"|\bid_(?:rsa|ed25519|ecdsa|dsa)\b(?!\.pub)"
    r"|\.aws[/\\]{1,2}(?:credentials|config)|\.kube[/\\]{1,2}config|\.docker[/\\]{1,2}config\.json|\.netrc\b|\.pgpass\b"
    r"|\.git-credentials\b|\.npmrc\b|\.pypirc\b|\.gnupg\b|\.config[/\\]{1,2}(?:gcloud|gh[/\\]{1,2}hosts|op)\b"
    r"|application_default_credentials\.json|\.azure[/\\]|/etc/(?:shadow|sudoers|master\.passwd)\b"
    r"|/proc/(?:self|\d{1,7}|\*|\$?\{[\w.()]{0,40}\}|\$\w{1,40})/environ"
    r"|\.(?:clawdbot|moltbot|openclaw)[/\\]{1,2}(?:\.env|credentials|openclaw\.json|clawdbot\.json)"
    r"|\.claude[/\\]{1,2}\.credentials|\.claude\.json|\.codex[/\\]{1,2}auth\.json|\.config[/\\]{1,2}anthropic"
    r"|\.vault-token|\.terraformrc|\.s3cfg|\.boto\b"
    r"|\bauth-profiles\.json\b|\.(?:clawdbot|moltbot|openclaw)[/\\]{1,2}(?:device|identity[/\\]{1,2}device)\.json"
    r"|\buser-secrets-envs\.json\b"
    r"|secrets/kubernetes\.io/serviceaccount|credentials\.tfrc|\.m2[/\\]settings\.xml|\.gem[/\\]credentials"
    r"|\.cargo[/\\]credentials|\.htpasswd|kubeconfig|\.rhosts|\bhistory\.db\b"
    r"|\bgpg2?\s[^\n|;]{0,60}--export-secret-(?:sub)?keys",
    re.IGNORECASE,
)
BROWSERS = re.compile(
    r"Login Data\b|Cookies\.sqlite|\bcookies\.sqlite|logins\.json|key[34]\.db|Local State\b|Web Data\b"
    r"|(?:Google[/\\]{1,2}Chrome|google-chrome|BraveSoftware|Microsoft[/\\]{1,2}Edge"
    r"|\.mozilla[/\\]{1,2}firefox)[/\\]{0,2}(?:User Data|Default|Profile|[\w-]{0,20}\.default)"
    r"|\bKeychains?[/\\]|login\.keychain|security\s{1,3}(?:find|dump)-(?:generic|internet)?-?(?:password"
    r"|keychain)|CryptUnprotectData|browser_cookie3"
    r"|secretstorage|libsecret|gnome-keyring|\.local/share/keyrings|1Password[/\\]|Bitwarden[/\\]"
    r"|keepass[\w.]{0,12}\.kdbx|\.kdbx\b",
)
WALLETS = re.compile(
    r"wallet\.dat\b|\.electrum\b|\bExodus[/\\]|exodus\.wallet|\bMetaMask\b.{0,40}(?:vault|leveldb|extension)"
    r"|nkbihfbeogaeaoehlefnkodbefgpgknn"
    r"|\.config[/\\]{1,2}solana[/\\]{1,2}id\.json|\.ethereum[/\\]{1,2}keystore|\bkeystore[/\\]UTC--"
    r"|Ledger Live[/\\]|atomic[/\\]Local Storage|\.bitcoin[/\\]"
    r"|\.monero\b|\.sui[/\\]|seed[ _-]?phrase|mnemonic (?:phrase|words)|\.bitmonero\b|phantom[/\\]|coinomi",
    re.IGNORECASE,
)
ENV_FILE = re.compile(
    r"(?<![\w.])\.env(?:\.(?:local|production|prod|development|staging|\*))?(?![\w.-]|\s*file\s*example)"
)
HISTORY = re.compile(
    r"\.(?:bash|zsh|python|mysql|psql|node_repl|sqlite)_history\b|fish_history|ConsoleHost_history", re.IGNORECASE
)

# What an agent reads at every start: whoever writes there instructs it for good.
AGENT_MEMORY = re.compile(
    r"\b(?:CLAUDE(?:\.local)?\.md|AGENTS?\.md|SOUL\.md|MEMORY\.md|IDENTITY\.md|USER\.md|TOOLS\.md|HEARTBEAT\.md"
    r"|BOOTSTRAP\.md|GEMINI\.md|copilot-instructions\.md"
    r"|\.cursorrules|\.windsurfrules|\.clinerules|\.cursor[/\\]rules)\b"
)
AGENT_SETTINGS = re.compile(
    r"\.claude[/\\]{1,2}settings(?:\.local)?\.json|\.mcp\.json\b|\bmcp\.json\b|mcp_settings\.json"
    r"|claude_desktop_config\.json|\.cursor[/\\]{1,2}mcp\.json"
    r"|\.codex[/\\]{1,2}config\.toml|opencode\.jsonc?\b|\.openclaw[/\\]{1,2}openclaw\.json"
    r"|\.vscode[/\\]{1,2}(?:settings|tasks)\.json|\.claude[/\\]{1,2}(?:hooks|agents|commands)\b"
)
STARTUP = re.compile(
    r"(?<![\w.)])\.(?:bashrc|zshrc|bash_profile|zprofile|zshenv|profile|bash_login|bash_logout"
    r"|config/fish/config\.fish)\b|/etc/(?:profile|rc\.local|crontab|cron\.\w{1,10}|init\.d|systemd)"
    r"|\b(?:LaunchAgents|LaunchDaemons)\b|\.config[/\\]{1,2}(?:autostart|systemd)|/etc/ld\.so\.preload"
    r"|Start Menu[/\\]{1,2}Programs[/\\]{1,2}Startup|CurrentVersion[/\\]{1,2}Run(?:Once)?\b"
    r"|\.git[/\\]{1,2}hooks[/\\]{1,2}[\w-]{3,30}|sitecustomize\.py|usercustomize\.py|\.pth\b",
    re.IGNORECASE,
)
SECRET_NAME = re.compile(
    r"(?:^|_)(?:API_?KEYS?|APIKEY|SECRET(?:_?KEY)?|TOKEN|ACCESS_?KEY(?:_ID)?"
    r"|(?:ACCOUNT|SIGNING|ENCRYPTION|MASTER|DEPLOY|SSH|SERVICE)_?KEY"
    r"|(?:DATABASE|REDIS|MONGO(?:DB)?|POSTGRES|MYSQL)_?UR[IL]|CONNECTION_STRING|PASSWORD|PASSWD|PASS|PWD"
    r"|PRIVATE_?KEY|CREDENTIALS?|AUTH|SESSION|COOKIE|MNEMONIC|SEED)(?:$|_|S$)",
    re.IGNORECASE,
)
# Whose secret a variable is, by the start of its name, and where it may go.
OWNERS: dict[str, tuple[str, ...]] = {
    "OPENAI": ("openai.com", "azure.com"),
    "ANTHROPIC": ("anthropic.com", "claude.com"),
    "CLAUDE": ("anthropic.com", "claude.com", "claude.ai"),
    "AWS": ("amazonaws.com", "aws.amazon.com"),
    "GITHUB": ("github.com", "githubusercontent.com", "githubcopilot.com"),
    "GH": ("github.com",),
    "GITLAB": ("gitlab.com",),
    "GOOGLE": ("googleapis.com", "google.com"),
    "GEMINI": ("googleapis.com", "google.com"),
    "AZURE": ("azure.com", "microsoft.com", "azure.net", "windows.net"),
    "STRIPE": ("stripe.com",),
    "SLACK": ("slack.com",),
    "DISCORD": ("discord.com", "discordapp.com"),
    "TELEGRAM": ("telegram.org",),
    "NPM": ("npmjs.org", "npmjs.com"),
    "PYPI": ("pypi.org",),
    "HF": ("huggingface.co",),
    "HUGGINGFACE": ("huggingface.co",),
    "GROQ": ("groq.com",),
    "OPENROUTER": ("openrouter.ai",),
    "SSH": (),
    "DATABASE": (),
    "DB": (),
    "POSTGRES": (),
    "PGPASSWORD": (),
    "MYSQL": (),
    "KUBE": (),
    "DOCKER": ("docker.com", "docker.io"),
    "VAULT": (),
    "TWILIO": ("twilio.com",),
    "SENDGRID": ("sendgrid.com",),
    "CLOUDFLARE": ("cloudflare.com",),
    "DIGITALOCEAN": ("digitalocean.com",),
    "HEROKU": ("heroku.com",),
    "VERCEL": ("vercel.com",),
    "OPENCLAW": (),
    "CLAWDBOT": (),
    "MOLTBOT": (),
}


# An agent's own configuration: skills of that agent look up their own key there, so reading it is not yet theft.
AGENT_STORE = re.compile(r"\.(?:clawdbot|moltbot|openclaw|claude|codex)\b", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    return bool(SECRET_NAME.search(name))


def owner_of(name: str) -> tuple[str, ...] | None:
    """Where a variable of this name may be sent, None when nobody in particular owns it."""
    return OWNERS.get(name.upper().split("_")[0])


# `~/.{ssh,aws}/x` stands for `~/.ssh/x ~/.aws/x`.
_BRACES = re.compile(r"([^\s{}\"']{0,200})\{([^\s{}\"']{1,200},[^\s{}\"']{0,200})\}([^\s{}\"']{0,200})")


def _spelled(braces: re.Match) -> str:
    before, inside, after = braces.groups()
    return " ".join(f"{before}{part}{after}" for part in inside.split(","))


def credential_in(text: str) -> str:
    """The credential store a text names, "" for none."""
    if "{" in text and (several := _BRACES.search(text)):
        text = f"{text} {_spelled(several)}"
    text = known(text)
    for pattern in (CREDENTIALS, WALLETS, BROWSERS):
        if match := pattern.search(text):
            return match.group()
    return ""


def of_short_texts(answer: Callable) -> Callable:
    """Remember the answers for short texts; long ones would fill the memory, so that only the last of them are.

    A program hands the same long text from step to step, so that even of the longest the last few are worth it.
    """
    short, long, longest = (lru_cache(maxsize=most)(answer) for most in (16_384, 128, 24))

    def asked(text: str, *more: object) -> object:
        size = len(text)
        kept = short if size < 400 else long if size < 20_000 else longest if size < 100_000 else answer
        return kept(text, *more)

    return wraps(answer)(asked)


@of_short_texts
def is_credential(text: str) -> bool:
    """Does the text name a credential store or somebody's history?"""
    return bool(credential_in(text) or HISTORY.search(text))


guard_module(sys.modules[__name__])
