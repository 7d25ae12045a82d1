from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.config import Config, Suppress, load
from auditor.errors import UsageError


def settings(folder: Path, text: str, name: str = "auditor.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    settings(tmp_path, 'fail-on = "low"')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load(start=inner).fail_on == "low"
    settings(tmp_path / "a", "[tool.other]\nx = 1", "pyproject.toml")
    assert load(start=inner).fail_on == "low"
    settings(tmp_path / "a", '[tool.auditor]\nfail-on = "medium"', "pyproject.toml")
    assert load(start=inner).fail_on == "medium"


def test_folders_are_relative_to_the_file(tmp_path: Path) -> None:
    settings(tmp_path, 'checks-dir = ["mine"]')
    inner = tmp_path / "a"
    inner.mkdir()
    assert load(start=inner).checks_dir == (str(tmp_path / "mine"),)


@pytest.mark.parametrize(
    "text", ["idle-utilization = nan", "idle-utilization = inf", "idle-days = -1", "athena-scan-limit-tb = -0.5"]
)
def test_a_number_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="should be a number from 0 up"):
        load(str(settings(tmp_path, text)))


def test_a_pyproject_of_another_shape(tmp_path: Path) -> None:
    settings(tmp_path, "tool = 3", "pyproject.toml")
    assert load(start=tmp_path).fail_on == "high"
    settings(tmp_path, "[tool]\nauditor = 3", "pyproject.toml")
    with pytest.raises(UsageError, match=r"tool\.auditor is not a table"):
        load(start=tmp_path)


def test_every_kind_of_setting(tmp_path: Path) -> None:
    file = settings(
        tmp_path,
        'select = ["network"]\nunused_credential_days = 30\n'
        '[[suppress]]\ncheck = "s3-*"\nreason = "open data"\nuntil = 2027-01-31\n',
    )
    config = load(str(file))
    assert config.select == ("network",)
    assert config.unused_credential_days == 30
    assert config.suppress == (Suppress("s3-*", "open data", until=date(2027, 1, 31)),)


def test_flags_win_over_the_file_where_they_are_given() -> None:
    config = Config(fail_on="low", select=("network",)).with_flags(fail_on="critical", select=(), account=None)
    assert (config.fail_on, config.select) == ("critical", ("network",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fail-onn = "high"', "fail-onn is not a setting; did you mean fail-on?"),
        ("xyzzy = 1", "xyzzy is not a setting; valid: fail_on"),
        ('fail-on = "loud"', "fail-on"),
        ('select = "network"', "select"),
        ('[[suppress]]\ncheck = "a"', "suppress.0.reason: Field required"),
        ('[[suppress]]\ncheck = "a"\nreason = "b"\nuntill = 2027-01-01', "did you mean suppress.until?"),
        ("a = ", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = settings(tmp_path, text)
    with pytest.raises(UsageError) as error:
        load(str(file))
    assert message in str(error.value)
    assert str(file) in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such configuration file"):
        load(str(tmp_path / "none.toml"))


def test_tags_of_teams_and_environments_are_told_once() -> None:
    ours = Config(team_tags=("squad",), environment_tags=("tier",))
    assert ours.tags_told == ("project", "squad", "tier")
    assert ours.tags_of_costs == ("project|application|app|service", "squad", "tier")
    assert Config(team_tags=()).tags_of_costs == ("project|application|app|service", "environment|env|stage")
    assert (Config(report_tags=()).tags_told, Config(cost_tags=()).tags_of_costs) == ((), ())
