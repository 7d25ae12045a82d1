"""Writes the reference pages from the code: `make docs`. With `--check`, fails where a page is not up to date."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from inspect import cleandoc
from pathlib import Path
from textwrap import fill

import click

from auditor.cli import cli
from auditor.cli.explain import repair
from auditor.config import Config
from auditor.frameworks import controls_by_check
from auditor.registry import PILLARS, Check, Input, load_checks
from auditor.report import json_schema
from auditor.sources.account.collector import load_collectors

DOCS = Path(__file__).resolve().parent
INPUT_NAMES: dict[Input, str] = {"live": "a live account", "cloudformation": "CloudFormation", "terraform": "Terraform"}
NOTE = "<!-- Made by `make docs`; edit the code instead. -->\n\n"


def checks_page() -> str:
    checks, controls = load_checks(), controls_by_check()
    by_pillar = {
        pillar: sorted((c for c in checks.values() if c.pillar == pillar), key=lambda c: (-c.severity, c.id))
        for pillar in PILLARS
    }
    lines = [NOTE + "# Checks\n", f"{len(checks)} checks. A check's examples are also its tests.\n"]
    lines += [f"- [{pillar}](#{pillar}): {len(members)}" for pillar, members in by_pillar.items()]
    for pillar, members in by_pillar.items():
        lines += [f"\n## {pillar}\n", "| check | severity | what holds where it passes |", "| --- | --- | --- |"]
        lines += [f"| [{c.id}](#{c.id}) | {c.severity.label} | {c.title} |" for c in members]
        for check in members:
            lines += check_section(check, controls.get(check.id, []))
    return "\n".join(lines) + "\n"


def check_section(check: Check, controls: list[str]) -> list[str]:
    """What it holds, why, examples, the fix, and what it is for."""
    lines = [f"\n### {check.id}\n", f"**{check.title}** ({check.severity.label})\n", f"{check.why}\n"]
    for title, examples in (("Fails:", check.bad), ("Passes:", check.good)):
        if examples:
            lines += [f"{title}\n", "```yaml", cleandoc(examples[0]), "```\n"]
    lines += [f"**Fix:** {check.fix}\n"]
    if check.fixable:
        lines += [f"{repair(check)}\n"]
    lines += [
        f"- judges: {', '.join(f'`{name}`' for name in check.judges)}",
        f"- inputs: {', '.join(INPUT_NAMES[name] for name in check.inputs)}",
        f"- frameworks: {', '.join(controls) or 'none'}",
    ]
    return lines


def cli_page() -> str:
    lines = [NOTE + "# Command line\n"]
    lines += command_section(cli, "auditor")
    return "\n".join(lines) + "\n"


def command_section(command: click.Command, name: str) -> list[str]:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    lines = [f"## {name}\n", "```text", command.get_help(context), "```\n"]
    if isinstance(command, click.Group):
        for member in command.list_commands(context):
            inner = command.get_command(context, member)
            if inner is not None:
                lines += command_section(inner, f"{name} {member}")
    return lines


def configuration_page() -> str:
    lines = [
        NOTE + "# Configuration\n",
        "In `auditor.toml`, or under `[tool.auditor]` in `pyproject.toml`; the nearest one in the working directory or",
        "above it counts. Flags win over it. Keys may be written with dashes or underscores.\n",
    ]
    described = attributes(Config.__doc__ or "")
    for field in fields(Config):
        default = "none" if field.default in (None, ()) else json.dumps(field.default)
        lines += [f"- `{field.name.replace('_', '-')}`: {described[field.name]} Default: `{default}`."]
    lines += [
        "\n```toml",
        'fail-on = "high"',
        'ignore = ["s3-bucket-access-logging"]',
        "",
        "[[suppress]]",
        'check = "s3-bucket-public-policy"',
        'resource = "*public-datasets*"',
        'reason = "open data, reviewed by security"',
        "until = 2027-06-30",
        "```",
    ]
    return "\n".join(lines) + "\n"


def attributes(docstring: str) -> dict[str, str]:
    """The `Attributes:` of a google-style docstring."""
    found: dict[str, str] = {}
    name = ""
    for line in cleandoc(docstring).partition("Attributes:")[2].splitlines():
        head, colon, rest = line.strip().partition(": ")
        if line.startswith("    ") and not line.startswith("     ") and colon:
            name, found[head] = head, rest
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return found


def api_calls_page() -> str:
    lines = [
        NOTE + "# API calls of a live scan\n",
        "Every operation that a live scan may call, by the collector that declares it. The read-only guard refuses any",
        "other, and `auditor permissions` prints the IAM policy for them.\n",
        "| collector | lists | operations |",
        "| --- | --- | --- |",
    ]
    for one in sorted(load_collectors(), key=lambda one: one.name):
        operations = ", ".join(f"`{name}`" for name in sorted(one.declared))
        lines.append(f"| {one.name} | {', '.join(one.types)} | {operations} |")
    return "\n".join(lines) + "\n"


def with_examples(page: Path) -> str:
    """A hand-written page, with the code block after each `<!-- example: NAME -->` filled in."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}\n```{match[3]}\n{EXAMPLES[match[2]]()}\n```"

    return re.sub(r"(<!-- example: (\S+) -->)\n```(\w*)\n.*?```", filled, page.read_text(encoding="utf-8"), flags=re.S)


def source_of(check_id: str) -> str:
    """A check's source, with the imports that it needs."""
    function = load_checks()[check_id].function
    text = inspect.getsource(function).rstrip()
    module = inspect.getsource(sys.modules[function.__module__])
    imports = [line for line in module.splitlines() if line.startswith("from ") and _used(line, text)]
    return "\n".join(imports) + "\n\n\n" + text


def _used(line: str, text: str) -> bool:
    return any(re.search(rf"\b{name.strip()}\b", text) for name in line.partition(" import ")[2].split(","))


def run(*arguments: str, folder: Path = DOCS.parent) -> str:
    """What a command prints on a terminal of 100 columns."""
    process = subprocess.run(
        [sys.executable, "-m", "auditor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
    )
    return process.stdout.rstrip()


def finding() -> str:
    """One finding on the terminal."""
    return run("scan", "templates", "benchmarks/small.yaml", "-q", "-s", "sagemaker-notebook-direct-internet")


def demo() -> str:
    """What the demo says, wrapped as a page needs it."""
    with tempfile.TemporaryDirectory() as folder:
        lines = run("demo", folder=Path(folder)).splitlines()
    return "\n".join(fill(line, 110, subsequent_indent="    ", break_on_hyphens=False) for line in lines)


EXAMPLES: dict[str, Callable[[], str]] = {
    "demo": demo,
    "finding": finding,
    "check": lambda: source_of("sagemaker-notebook-root-access"),
}

PAGES: dict[str, Callable[[], str]] = {
    "../README.md": lambda: with_examples(DOCS.parent / "README.md"),
    "../CONTRIBUTING.md": lambda: with_examples(DOCS.parent / "CONTRIBUTING.md"),
    "checks.md": checks_page,
    "cli.md": cli_page,
    "configuration.md": configuration_page,
    "api-calls.md": api_calls_page,
    "report.schema.json": lambda: json.dumps(json_schema(), indent=1) + "\n",
}


def main() -> int:
    stale = []
    for name, make in PAGES.items():
        page, text = DOCS / name, make()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            stale.append(name.removeprefix("../"))
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'none'}")
    return int("--check" in sys.argv and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
