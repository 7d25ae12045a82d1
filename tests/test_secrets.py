"""What looks like a secret, and that nothing of it is kept but that."""

from __future__ import annotations

import base64
import random
import time

import pytest

from auditor.secrets import HIDDEN, decoded, hidden, looks_like, names_of_words, pair_in, without_secrets
from auditor.values import Unknown

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
        ("sk-" + "a1" * 24, "an API key"),
        (f"Bearer {JWT}", "a JSON web token"),
        ("glpat-" + "a1" * 10, "a GitLab token"),
        ("dapi" + "0f" * 16, "a Databricks token"),
        ("https://hooks.slack.com/services/T0/B0/abc", "a Slack webhook"),
        ("AIza" + "a1" * 17 + "b", "a Google API key"),
        ("rk_live_" + "a1" * 9, "a Stripe key"),
        ("SG." + "a1" * 11 + "." + "a1" * 21, "a SendGrid key"),
        ("pypi-" + "a1" * 26, "a PyPI token"),
        ("npm_" + "a1" * 18, "an npm token"),
        ("${Deployer.SecretAccessKey}", "an AWS secret access key"),
        ('${module.ci.aws_iam_access_key.deployer["a"].secret}', "an AWS secret access key"),
        ("${random_password.db.result}", "a generated password"),
        ("${tls_private_key.host[0].private_key_pem}", "a private key"),
        ("jdbc:mysql://db/app?user=etl&password=hunter2", "a password in a connection string"),
        ("Server=db;User=sa;Pwd=hunter2;", "a password in a connection string"),
        ("postgres://admin:hunter2@db:5432/x", "a password in a URL"),
    ],
)
def test_forms(text, kind):
    assert looks_like(text) == kind
    kept = without_secrets(f"before {text} after")
    assert kept.startswith("before ")
    assert "hunter2" not in kept
    assert looks_like(kept) == kind


def test_nothing_of_a_key_with_dashes_is_left():
    assert without_secrets("sk-proj-" + "a1" * 12 + "-b2c3_d4-e5") == f"{HIDDEN} (looks like an API key)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prod",
        "https://example.com/x",
        "arn:aws:iam::123456789012:role/x",
        "AKIA",
        "a@b.c",
        "task-scheduler",
        "sk-learn-0-23-1-cpu-py3-pipeline",
        "postgres://${user}:${password}@db",
        "postgres://{user}:{password}@db",
        "https://<user>:<password>@git.example.com",
        "jdbc:mysql://db/app?user=etl&password=${password}",
        "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)",
        "TOKEN=`cat token`",
        "login(password=password)",
        "api_key = os.environ['API_KEY']",
        "mysql --password=$DB_PASSWORD",
        "train --with-token --name x",
        "Enter your password: now",
        "MyVeryLongCamelCaseNameOfSomethingGreat2024",
        "0123456789abcdef0123456789abcdef01234567",
        "11111111-2222-3333-4444-555555555555",
        "s3://bucket/a/very/long/path/to/Some/Model-2024-01-02/model.tar.gz",
    ],
)
def test_what_is_none(text):
    assert looks_like(text) is None
    assert hidden(text) == HIDDEN
    assert without_secrets(text) == text


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "client-secret", "TOKEN", "HF_TOKEN", "splunk-token", "pwd"])
def test_names_that_say_so(name):
    assert looks_like("hunter2", name) == "a secret, by its name"


@pytest.mark.parametrize(
    "name",
    [
        "MODE",
        "TOKENIZER",
        "SECRET_ARN",
        "SECRET_NAME",
        "API_KEY_ID",
        "PASSWORD_FILE",
        "max_tokens",
        "NextToken",
        "TOKEN_TTL",
        "PasswordLength",
        "SecretsKMSKey",
        "PasswordLastUsed",
        "SECRETS_MANAGER_ENDPOINT",
    ],
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
        "$PASSWORD",
        "<password>",
        "your-password-here",
        "#{*myPassword}",
        "Ref::password",
        "ssm://prod/db",
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


@pytest.mark.parametrize("value", ["prod/db", "my-database-secret", "prod.db.credentials"])
def test_names_of_secrets_are_none(value):
    assert looks_like(value, "DB_SECRET") is None
    assert looks_like(value, "CLIENT_SECRET")


SCRIPTS = [
    "#!/bin/bash\nexport DB_PASSWORD=hunter2-swordfish\n",
    "mysql --user app --password hunter2-swordfish < schema.sql",
    "curl --api-key=hunter2-swordfish",
    "java -Djavax.net.ssl.keyStorePassword=hunter2-swordfish -jar app.jar",
    "spark-submit --conf spark.datasource.password=hunter2-swordfish job.py",
    "db:\n  password: hunter2-swordfish\n",
    'connect(password="hunter2-swordfish")',
    '{"Password": "hunter2-swordfish"}',
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_assignments(script):
    assert looks_like(script) == "a secret, by its name"
    assert looks_like(base64.b64encode(script.encode().ljust(60)).decode()) == "a secret, by its name"
    kept = without_secrets(script)
    assert "swordfish" not in kept
    assert kept.split()[0] == script.split()[0] or "\n" not in script
    assert without_secrets(kept) == kept


def at_random(seed: int) -> bytes:
    return random.Random(seed).randbytes(36)  # noqa: S311 - the same in every run


@pytest.mark.parametrize("make", [base64.b64encode, base64.urlsafe_b64encode])
def test_characters_at_random(make):
    found = [looks_like(make(at_random(seed)).decode()) for seed in range(500)]
    assert found.count("a key, as its characters are random") > 400


@pytest.mark.parametrize("name", ["MODEL_HASH", "CODE_SHA256", "PUBLIC_KEY", "CLIENT_ID", "imageDigest"])
def test_what_is_random_without_being_a_key(name):
    text = base64.b64encode(at_random(0)).decode()
    assert looks_like(text, "X")
    assert looks_like(text, name) is None


def test_words_after_an_option():
    words = ["serve", "--password", "a", "--port=1", "b", None, "-p", "c"]
    assert list(names_of_words(words)) == ["", "", "password", "", "", "", "", "p"]


def test_what_names_a_value_that_is_kept():
    assert without_secrets("hunter2", "password") == f"{HIDDEN} (looks like a secret, by its name)"
    assert without_secrets("hunter2", "stage") == "hunter2"


@pytest.mark.parametrize(
    ("text", "same"), [("aGVsbG8gd29ybGQgaGVsbG8=", False), ("hello world, hello!!", True), ("a", True)]
)
def test_decoded(text, same):
    assert (decoded(text) is text) == same


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        ({"Name": "A", "Value": "x"}, ("A", "Value")),
        ({"Key": "A", "StringValue": "x"}, ("A", "StringValue")),
        ({"Name": Unknown("x"), "Value": "x"}, (None, "Value")),
        ({"Name": "A", "ValueFrom": "x"}, ("", "")),
        ({"Value": "x"}, ("", "")),
    ],
)
def test_pairs(pair, found):
    assert pair_in(pair) == found


@pytest.mark.parametrize(
    "text", ["-" * 20000, "a=" * 20000, "password " * 5000, "A1b" * 9000, "x:" * 20000, '"' * 20000, "sk-" * 40000]
)
def test_no_text_takes_long(text):
    started = time.process_time()
    without_secrets(text)
    looks_like(text)
    assert time.process_time() - started < 2
