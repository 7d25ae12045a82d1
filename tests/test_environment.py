"""What the names of resources say of their environment."""

from __future__ import annotations

import pytest

from auditor.knowledge.environment import named_environment


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("prod", "production"),
        ("ml-prod-lake", "production"),
        ("MlProductionLake", "production"),
        ("Production", "production"),
        ("dev", "development"),
        ("models_dev", "development"),
        ("FeatureStoreTest", "development"),
        ("non-prod", "development"),
        ("preprod-lake", "development"),
        ("dev-copy-of-prod", "development"),
        ("products", None),
        ("device-models", None),
        ("latest", None),
        ("delivery", None),
        ("", None),
    ],
)
def test_names(name: str, environment: str | None) -> None:
    assert named_environment(name) == environment
