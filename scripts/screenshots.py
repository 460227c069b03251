"""Takes a picture of every page, at 390 and 1280 px, in light and in dark, into a folder.

    python scripts/screenshots.py OUT             a small register of its own, with one of everything
    python scripts/screenshots.py OUT --only skill,report

It says which pages scroll sideways, which raise errors in the console, and ends with 1 when any does.
"""

import argparse
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PAGES = {
    "home": "/",
    "about": "/about",
    "search": "/search?q=csv",
    "browse": "/search?sort=newest&license=MIT",
    "search-empty": "/search?q=nothingofthekind",
    "skill": "/alice/pdf-tables",
    "skill-yanked": "/alice/pdf-tables/1.1.0",
    "compare": "/alice/pdf-tables/compare/1.0.0/1.2.0",
    "skill-caution": "/north-works/site-survey",
    "report": "/alice/pdf-tables/1.2.0/report",
    "file": "/alice/pdf-tables/1.2.0/files/scripts/tables.py#L4",
    "file-binary": "/alice/pdf-tables/1.2.0/files/assets/logo.png",
    "publisher": "/@/north-works",
    "checks": "/checks",
    "check": "/checks/pipe_to_shell",
    "long-name": "/alice/a-name-as-long-as-a-name-may-be-and-not-one-letter-longer-so-ok",
    "other-scripts": "/alice/sum-tables",
    "wordless": "/alice/wordless",
    "report-noisy": "/alice/noisy/1.0.0/report",
    "report-decided": "/quarry/stone-scale/1.0.0/report",
    "api-docs": "/api/v1/docs",
    "publish-anonymous": "/publish",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "password-reset": "/accounts/password/reset/",
    "not-found": "/nobody/nothing",
}
SIGNED_IN = {
    "account": "/account",
    "tokens": "/account/tokens",
    "device": "/device",
    "team": "/@/north-works/team",
    "publish": "/publish",
    "report-running": "/alice/minutes/1.0.0/report",
    "skill-vetting": "/alice/minutes",
    "email": "/accounts/email/",
    "password-change": "/accounts/password/change/",
    "mfa": "/accounts/2fa/",
    "mfa-totp": "/accounts/2fa/totp/activate/",
    "logout": "/accounts/logout/",
}
MALLORY = {
    "report-refused": "/mallory/ssh-helper/1.0.0/report",
    "account-refused": "/account",
    "skill-refused": "/mallory/ssh-helper",
}
BOB = {
    "account-invited": "/account",
    "team-member": "/@/north-works/team",
    "report-undecided": "/north-works/long-run/1.0.0/report",
    "skill-review": "/alice/pdf-tables#reviews",
}
JUDITH = {
    "review": "/review",
    "report-to-decide": "/alice/clip-keeper/1.0.0/report#second-look",
}
WHO = {"judith": JUDITH, "": PAGES, "alice": SIGNED_IN, "mallory": MALLORY, "bob": BOB}
WIDTHS = (390, 1280)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="names of pages, parted by commas")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="assay-pictures-") as folder:
        os.environ |= {"ASSAY_DATA": folder, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
        base, stop = serve()
        try:
            troubles = picture(base, options.out, set(filter(None, options.only.split(","))))
        finally:
            stop()
    print("\n".join(troubles) or "Every page fits and none complains.")
    return 1 if troubles else 0


def serve():
    """The demonstration register behind a real server, on a port of its own."""
    import django

    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.db import connections
    from django.test.testcases import LiveServerThread
    from django.test.utils import override_settings

    plain = override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
    )
    plain.enable()
    call_command("migrate", verbosity=0)
    from tests.web.demo import demo

    demo()
    connections.close_all()
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    return f"http://127.0.0.1:{thread.port}", thread.terminate


def picture(base: str, out: Path, only: set[str]) -> list[str]:
    from tests.web.browser import chromium, log_in
    from tests.web.factories import PASSWORD

    troubles: list[str] = []
    # Playwright runs a loop of its own in this thread; the register is on another.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as browser:
        for who, pages in WHO.items():
            wanted = {name: path for name, path in pages.items() if not only or name in only}
            if not wanted:
                continue
            for scheme in ("light", "dark"):
                context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
                page = context.new_page()
                page.on("console", partial(heard, troubles))
                if who:
                    log_in(page, base, who, PASSWORD)
                for name, path in wanted.items():
                    for width in WIDTHS:
                        page.set_viewport_size({"width": width, "height": 900})
                        page.goto(base + path)
                        page.wait_for_load_state("load")
                        page.screenshot(path=out / f"{name}-{width}-{scheme}.png", full_page=True)
                        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                            troubles.append(f"{name} scrolls sideways at {width} px")
                context.close()
    return sorted(set(troubles))


def heard(troubles: list[str], message) -> None:
    if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
        troubles.append(f"{message.page.url}: {message.text[:200]}")


if __name__ == "__main__":
    sys.exit(main())
