from __future__ import annotations

from pathlib import Path

import pytest

from auditor.raw import Location
from reports.places import Repository, Span, span


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "work tree"
    (root / ".git").mkdir(parents=True)
    (root / "infra").mkdir()
    monkeypatch.chdir(root / "infra")
    return root


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("ml.yaml", "infra/ml.yaml"),
        ("../app/ml.yaml", "app/ml.yaml"),
        ("a b%#?.yaml", "infra/a%20b%25%23%3F.yaml"),
        ("数据:x.yaml", "infra/%E6%95%B0%E6%8D%AE%3Ax.yaml"),
        ("line\nbreak\x00\ud800.yaml", "infra/line%0Abreak%00%3F.yaml"),
    ],
)
def test_paths_are_from_the_root_of_the_repository(repository: Path, file: str, uri: str) -> None:
    assert Repository().uri(Location(file)) == (uri, True)
    assert Repository().uri(Location(str(repository / "infra" / file))) == (uri, True)


def test_a_file_outside_keeps_its_whole_path(repository: Path) -> None:
    outside = repository.parent / "other dir" / "ml.yaml"
    assert Repository().path(Location("../../other dir/ml.yaml")) == str(outside)
    assert Repository().uri(Location(str(outside))) == (outside.as_uri(), False)
    sibling = repository.parent / f"{repository.name}-2" / "ml.yaml"
    assert Repository().path(Location(str(sibling))) == str(sibling), "a name that starts alike is not inside"


def test_a_link_is_followed(repository: Path) -> None:
    (repository / "infra" / "link.yaml").symlink_to(repository / "real.yaml")
    assert Repository().path(Location("link.yaml")) == "real.yaml"


def test_without_a_repository_paths_are_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Repository().path(Location("a/ml.yaml")) == "a/ml.yaml"


def test_a_live_resource_has_a_path_that_no_file_has() -> None:
    place = Location(arn="arn:aws:s3:::raw zone", account="111122223333", region="eu-west-1")
    assert Repository().uri(place) == ("aws/111122223333/eu-west-1/arn%3Aaws%3As3%3A%3A%3Araw%20zone", True)


@pytest.mark.parametrize(
    ("place", "source", "expected"),
    [
        (Location("f", 4, 8, 4, 15), "  Size: 'large'", Span(4, 8, 15)),
        (Location("f", 4, 4, 4, 6), "🧪🚀 ab", Span(4, 6, 8)),  # two beyond the BMP before it
        (Location("f", 4, 1, 4, 3), "🧪🚀 ab", Span(4, 1, 5)),
        (Location("f", 4, 3, 9, 2), "  Policy:", Span(4, 3, 10)),  # several lines: to the end of the first
        (Location("f", 4, 3, 9, 2), None, Span(4, 3, 3)),
        (Location("f", 4), "abc", Span(4, 1, 4)),
        (Location("f"), None, Span(1, 1, 1)),
    ],
)
def test_spans_are_of_one_line_in_utf_16(place: Location, source: str | None, expected: Span) -> None:
    assert span(place, source) == expected
