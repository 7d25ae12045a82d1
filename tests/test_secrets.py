"""What looks like a secret, and that nothing of it is kept but that."""

from __future__ import annotations

import pytest

from auditor.secrets import HIDDEN, hidden, looks_like, without_secrets

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4"
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "an AWS access key id"),
        ("export KEY=ASIAIOSFODNN7EXAMPLE;", "an AWS access key id"),
        (PRIVATE_KEY, "a private key"),
        (PRIVATE_KEY[:40], "a private key"),
        ("ghp_" + "a1" * 18, "a GitHub token"),
        ("hf_" + "aB" * 17, "a Hugging Face token"),
        ("xoxb-123456789012-abc", "a Slack token"),
        ("sk-proj-" + "a1" * 12, "an API key"),
        (f"Bearer {JWT}", "a JSON web token"),
        ("postgres://admin:hunter2@db:5432/x", "a password in a URL"),
    ],
)
def test_forms(text, kind):
    assert looks_like(text) == kind
    kept = without_secrets(f"before {text} after")
    assert kept.startswith("before ")
    assert "hunter2" not in kept
    assert looks_like(kept) == kind


@pytest.mark.parametrize(
    "text", ["", "prod", "https://example.com/x", "arn:aws:iam::123456789012:role/x", "AKIA", "a@b.c", "task-scheduler"]
)
def test_what_is_none(text):
    assert looks_like(text) is None
    assert hidden(text) == HIDDEN
    assert without_secrets(text) == text


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "client-secret", "TOKEN", "HF_TOKEN", "splunk-token", "pwd"])
def test_names_that_say_so(name):
    assert looks_like("hunter2", name) == "a secret, by its name"


@pytest.mark.parametrize(
    "name", ["MODE", "TOKENIZER", "SECRET_ARN", "SECRET_NAME", "API_KEY_ID", "PASSWORD_FILE", "max_tokens"]
)
def test_names_that_do_not(name):
    assert looks_like("hunter2", name) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "true",
        "Disabled",
        "12",
        "arn:aws:secretsmanager:x",
        "/prod/db",
        "{{resolve:secretsmanager:x}}",
        "${Param}",
        HIDDEN,
    ],
)
def test_values_that_are_references_or_switches(text):
    assert looks_like(text, "DB_PASSWORD") is None


@pytest.mark.parametrize(
    ("text", "name"), [("hunter2", "DB_PASSWORD"), ("AKIAIOSFODNN7EXAMPLE", "x"), ("prod", "MODE")]
)
def test_what_is_hidden_looks_the_same(text, name):
    kept = hidden(text, name)
    assert text not in kept
    assert looks_like(kept, name) == looks_like(text, name)
    assert hidden(kept, name) == kept
