"""Runs the demo: a simulated account and sample templates, scanned as real ones are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from auditor.config import Config
from auditor.demo.account import REGIONS, build
from auditor.demo.beyond import NOTHING, answer_the_rest, metrics_by_an_index
from auditor.demo.site import ACCOUNT
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.report import Report

TEMPLATES = Path(__file__).parent / "templates"


def run(output: Path) -> Iterator[str]:
    """Scan the simulated account and the sample templates, and write both reports into a folder.

    Args:
        output: the folder, made where it is missing. It gets `account.html`, `account.json`, `templates.html`,
            `templates.json`, and the templates that were scanned in `templates/`.

    Yields:
        Lines that say what was found and where the reports are.

    Raises:
        UsageError: moto is not installed, or the folder cannot be written to.
    """
    from auditor.scan import scan_account, scan_templates

    # Not the user's: the demo is the same everywhere.
    settings = Config(account=ACCOUNT, region=REGIONS[0])
    copies = output / "templates"
    try:
        shutil.copytree(TEMPLATES, copies, dirs_exist_ok=True)
    except OSError as error:  # shutil.Error, for several files, is one too
        raise UsageError(f"{output}: the demo cannot write there: {error.strerror or error}") from error
    with simulated_account() as session:
        yield from _present("account", scan_account(settings, session=session, regions=REGIONS), output)
    yield f"  moto simulates the account; {len(NOTHING)} lists that moto lacks (Access Analyzer's, MWAA's) are empty."
    yield ""
    templates = [str(path) for path in sorted(copies.iterdir()) if (TEMPLATES / path.name).is_file()]
    yield from _present("templates", scan_templates(templates, settings), output)


def _present(name: str, report: Report, output: Path) -> Iterator[str]:
    """Write a report; then what it says in a few lines."""
    from reports import digest, interface, text

    for kind in ("html", "json"):
        interface.write(interface.render(report, kind), output / f"{name}{interface.suffix(kind)}")
    about = digest.digest(report)
    what = {"account": "The simulated account", "templates": "Its templates"}[name]
    points = text.score(report.score.value) + (" of 100" if report.score.value is not None else "")
    yield f"{what}: score {points}, {text.percent(report.score.coverage)} evaluated."
    yield f"  {digest.headline(report, about)}"
    for cause in about.risks[:3]:
        resources = text.count(cause.resources, "resource")
        yield f"  {cause.info.severity:<8}  {cause.info.title}: not so on {resources} ({cause.check})"
    for cause in about.savings[:2]:
        yield f"  {'cost':<8}  {cause.info.title}: {cause.saving} a month ({cause.check})"
    yield f"  Report: {output / name}.html (as data: {name}.json)"


@contextmanager
def simulated_account() -> Iterator[Any]:
    """An account that exists in this process only: inside the block, every AWS call of the process goes to it.

    The block sees none of the caller's AWS settings: environment variables are put aside, and the files of the AWS
    configuration are not read. moto has one account at a time: don't open one inside another.

    Yields:
        A `boto3.Session` with invented credentials.

    Raises:
        UsageError: moto is not installed.
    """
    with patch.dict(os.environ, _no_aws_settings(), clear=True):  # moto reads some settings when it is imported
        try:
            from moto import mock_aws
        except ImportError as error:
            raise UsageError("The demo simulates an account with moto: pip install 'auditor[demo]'") from error
        with mock_aws(), metrics_by_an_index():
            session = _session()
            answer_the_rest(session)
            build(session)
            yield session


def _session() -> Any:
    import boto3

    return boto3.Session(
        aws_access_key_id="simulated",
        aws_secret_access_key="simulated",  # noqa: S106 (of nobody)
        region_name=REGIONS[0],
    )


def _no_aws_settings() -> dict[str, str]:
    """The environment without anything that would change what boto3 or moto do."""
    dropped = ("AWS_", "BOTO_", "MOTO_", "S3_IGNORE_", "TEST_SERVER_MODE", "TEST_PROXY_MODE")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(dropped)}
    nowhere = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"), os.devnull)
    return {**kept, **nowhere, "AWS_EC2_METADATA_DISABLED": "true"}
