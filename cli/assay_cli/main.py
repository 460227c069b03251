"""The door of the `skill` command: which verbs there are, and the one place that prints errors."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from assay_cli import __version__, clean
from assay_cli.errors import CliError, Interrupted, UsageProblem
from assay_cli.options import shared
from assay_cli.session import Session

# A verb's module is imported when the verb is used; what `skill --help` says of it stands here.
VERBS = {
    "login": "Sign in, in a browser or with a token.",
    "logout": "Forget the token.",
    "whoami": "Whose token is it, and what may it do?",
    "init": "Make a small skill with a test task, ready to push.",
    "check": "Run the registry's static checks on a skill; nothing is kept.",
    "explain": "What a check finds, why that matters, and how to mend it.",
    "push": "Send a skill to be vetted and published.",
    "status": "How far is the vetting of a release, and what did it say?",
    "revet": "Have a release of yours vetted again.",
    "appeal": "Appeal against a verdict.",
    "search": "Find skills.",
    "info": "What the registry knows about a skill.",
    "diff": "What changed between two versions of a skill.",
    "install": "Verify a published release and unpack it.",
    "list": "The skills that are installed here.",
    "verify": "Are the installed skills still what was signed?",
    "rate": "Give a skill one to five stars, and a review.",
    "yank": "Hide a release from search and from `latest`.",
    "revoke": "Take a release back for good: nobody can fetch it any more.",
    "org": "Organisations: make one, and who is on its team.",
    "trust": "The pinned keys of the registries you use.",
    "doctor": "Find what is wrong with this set-up.",
    "completion": "Print the completion script of a shell.",
}
# What these are called elsewhere.
MEANT = {
    "new": "init", "create": "init", "publish": "push", "upload": "push", "submit": "push", "lint": "check",
    "validate": "check", "scan": "check", "test": "check", "show": "info", "view": "info", "get": "install",
    "add": "install", "i": "install", "find": "search", "ls": "list", "withdraw": "revoke", "delete": "revoke",
    "unpublish": "revoke", "deprecate": "yank", "rules": "explain", "checks": "explain", "compare": "diff",
}  # fmt: skip
_SYSTEM = "The operating system says so: look at the file, its rights and the room on the disk."


class Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"assay_cli.verbs.{cmd_name}_").command
        command.short_help = VERBS[cmd_name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if ctx.resilient_parsing:
                raise
            from difflib import get_close_matches

            wanted = MEANT.get(args[0].lower()) or next(iter(get_close_matches(args[0].lower(), VERBS, n=1)), "")
            hint = f"Did you mean `skill {wanted}`?" if wanted else "`skill --help` lists all verbs."
            raise UsageProblem(error.format_message(), hint=hint) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s (Assay)")
@shared
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Push, check, find and install agent skills that an Assay registry has tested.

    ASSAY_URL names the registry (default http://127.0.0.1:8000), ASSAY_TOKEN the token.
    """
    if ctx.invoked_subcommand is None:
        if ctx.obj.as_json:
            raise UsageProblem("No verb was given.", hint="`skill --help` lists all verbs.")
        click.echo(ctx.get_help(), err=True)
        ctx.exit(UsageProblem.exit_code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    session = Session(as_json="--json" in words)
    try:
        # A verb that ends with a code of its own raises Exit, and click answers that code here.
        answer: Any = cli.main(args=words, prog_name=_program(), standalone_mode=False, obj=session)
        return answer if isinstance(answer, int) else 0
    except CliError as error:
        return _tell(session, error)
    except click.UsageError as error:
        return _tell(session, _usage(error))
    except click.ClickException as error:
        return _tell(session, CliError(error.format_message(), hint="`skill --help` shows how it is used."))
    except (KeyboardInterrupt, click.Abort):
        return _tell(session, Interrupted("Interrupted."))
    except BrokenPipeError:
        # Whoever read our answer has seen enough; nothing more is to be said, not even while Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _tell(session, CliError(_os_error(error), code="system", hint=_SYSTEM))


def main() -> None:
    sys.exit(run())


def _tell(session: Session, error: CliError) -> int:
    if session.as_json and not session.answered:
        session.document("assay.error.v1", error.as_dict())
    where = f"{error.place}: " if error.place else ""
    code = click.style(f" [{clean.line(error.code, 80)}]", dim=True)
    shown = f"{click.style('error:', fg='red', bold=True)} {where}{clean.lines(error.message)}{code}"
    click.echo(shown, err=True, color=_colour())
    if error.hint:
        click.echo(f"hint: {clean.lines(error.hint)}", err=True)
    return error.exit_code


def _usage(error: click.UsageError) -> UsageProblem:
    hint = f"`{error.ctx.command_path} --help` shows how it is used." if error.ctx else ""
    return UsageProblem(error.format_message(), hint=hint)


def _os_error(error: OSError) -> str:
    return f"{error.strerror or error}: {error.filename}" if error.filename else str(error.strerror or error)


def _colour() -> bool:
    from assay_cli.session import coloured

    return coloured(sys.stderr)


def _program() -> str:
    name = os.path.basename(sys.argv[0])
    return name if name in ("skill", "assay-skill") else "skill"
