"""`skill completion`: the completion script of a shell."""

import click
from click.shell_completion import get_completion_class

from assay_cli.errors import UsageProblem
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help='Print the completion script: eval "$(skill completion bash)".')
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(session: Session, shell: str) -> None:
    program = click.get_current_context().find_root().info_name or "skill"
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageProblem(f"There is no completion for {shell}.", hint="There is one for bash, zsh and fish.")
    root = click.get_current_context().find_root().command
    script = kind(root, {}, program, f"_{program.upper().replace('-', '_')}_COMPLETE").source()
    session.data(script)
    session.document("assay.completion.v1", {"shell": shell, "script": script})
