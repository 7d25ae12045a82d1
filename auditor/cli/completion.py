"""`auditor completion`: shell completion."""

from __future__ import annotations

import click


@click.command(
    "completion",
    epilog='Example: put `eval "$(auditor completion bash)"` into ~/.bashrc, or '
    "`auditor completion fish > ~/.config/fish/completions/auditor.fish`.",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the code that completes commands, options and check ids in your shell."""
    from click.shell_completion import get_completion_class

    from auditor.cli import cli

    completion = get_completion_class(shell)
    if completion is not None:
        click.echo(completion(cli, {}, "auditor", "_AUDITOR_COMPLETE").source())
