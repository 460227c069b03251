"""Where things lie in a checkout, and the environment its programs run with."""

import os
import pwd
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ASSAY_DATA") or ROOT / "var")
RUN_DIR = DATA / "run"
LOG_DIR = DATA / "log"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SKILL = VENV / "bin" / "skill"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def _home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        # A user without an entry, as in some containers.
        return str(ROOT)


def settle_environment() -> None:
    """Make what follows independent of how bare the caller's environment is."""
    os.environ["PATH"] = ":".join(filter(None, (os.environ.get("PATH"), SYSTEM_PATH)))
    if not os.environ.get("HOME"):
        os.environ["HOME"] = _home()
    os.environ.setdefault("LANG", "C.UTF-8")
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.environ.pop("VIRTUAL_ENV", None)
    # The machine's own certificates, so that a private authority is trusted by every client.
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    if SYSTEM_CERTIFICATES.exists():
        for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"):
            os.environ.setdefault(name, str(SYSTEM_CERTIFICATES))
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    os.environ.setdefault("UV_NO_PROGRESS", "1")
    sys.dont_write_bytecode = True
