"""The options that every verb takes, before or after its name."""

from collections.abc import Callable
from typing import Any

import click


def _keep(member: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.obj, member, value)

    return keep


def shared(function: Callable) -> Callable:
    """Add --url, --json, --quiet and --no-input; their values land in the session."""
    options = (
        click.option(
            "--url", metavar="URL", help="The registry; before ASSAY_URL.", callback=_keep("url"), expose_value=False
        ),
        click.option(
            "--json", is_flag=True, help="One JSON document on stdout.", callback=_keep("as_json"), expose_value=False
        ),
        click.option(
            "-q", "--quiet", is_flag=True, help="No progress, no remarks.", callback=_keep("quiet"), expose_value=False
        ),
        click.option("--no-input", is_flag=True, help="Never ask.", callback=_keep("no_input"), expose_value=False),
    )
    for option in reversed(options):
        function = option(function)
    return function


def verb(*, help: str = "", **settings: Any) -> Callable[[Callable], click.Command]:
    """A command with the shared options behind its own, called with the session first."""

    def make(function: Callable) -> click.Command:
        return click.command(help=help or None, **settings)(_last(click.pass_obj(function)))

    return make


def _last(function: Callable) -> Callable:
    # click collects decorators bottom-up, so the shared options go in front of the list to be shown last.
    own = getattr(function, "__click_params__", [])
    function.__click_params__ = []
    shared(function)
    function.__click_params__ = function.__click_params__ + own
    return function


def verbs(*, help: str) -> Callable[[Callable], click.Group]:
    """A verb with verbs of its own; each takes the shared options too."""

    def make(function: Callable) -> click.Group:
        return click.group(help=help)(shared(function))

    return make


AGENTS = ("claude-code", "codex", "openclaw", "opencode", "kimi", "nanobot")


def place(function: Callable) -> Callable:
    """--dir, --agent and --user: which folder of skills is meant."""
    options = (
        click.option("--dir", "folder", metavar="DIR", type=click.Path(file_okay=False), help="The folder of skills."),
        click.option("--agent", type=click.Choice(AGENTS), help="The folder this agent reads; default .agents/skills."),
        click.option("--user", "for_user", is_flag=True, help="The one in your home folder, for all projects."),
    )
    for option in reversed(options):
        function = option(function)
    return function
