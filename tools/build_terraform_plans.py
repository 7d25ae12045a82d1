"""Let Terraform plan the examples of checks, for the tests that read plans.

    python tools/build_terraform_plans.py [CHECK ...]

It needs `terraform` 1.5 or newer, and hashicorp/aws of `PROVIDER_VERSION` from the registry or a mirror, but neither
an account nor credentials: nothing is asked of AWS. Without names, every example whose plan is not of its text is
planned again. A file `tests/terraform/plans/CHECK.json.gz` holds what `terraform show -json` prints of each example,
and the text that it is of.

All examples are planned at once, each as a module, as starting the provider takes longer than a plan; what is said of
a module is then what would be said of it alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from auditor.examples import example_file, terraform_examples
from auditor.registry import Check, load_checks

PROVIDER_VERSION = "5.100.0"
FOLDER = Path(__file__).parents[1] / "tests" / "terraform" / "plans"

ROOT = """
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}

provider "aws" {{
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{
    sfn = "http://127.0.0.1:{port}"
  }}
}}
"""


class StepFunctions(BaseHTTPRequestHandler):
    """Answers ValidateStateMachineDefinition, which the provider asks when it plans a state machine."""

    def do_POST(self) -> None:
        """Call every definition valid."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"result": "OK", "diagnostics": []}')

    def log_message(self, *_: object) -> None:
        """Say nothing of it."""


def digest(check: Check) -> str:
    """What changes when the text of a check's examples does."""
    return hashlib.sha256(example_file(check).read_bytes()).hexdigest()


def recorded(check_id: str) -> dict[str, Any]:
    """A check's plans by the name of the example, and the digest `of` the text that they were made of."""
    file = FOLDER / f"{check_id}.json.gz"
    return json.loads(gzip.decompress(file.read_bytes())) if file.is_file() else {"of": None, "plans": {}}


def examples_of(check: Check) -> Iterator[tuple[str, str]]:
    """The name and text of each example."""
    examples = terraform_examples(check)
    for kind, texts in (("bad", examples.bad), ("good", examples.good)):
        for number, text in enumerate(texts):
            yield f"{kind}-{number}", text


def plan(folder: Path, texts: dict[str, str]) -> dict[str, Any]:
    """The plan of all texts, each as a module of that name.

    Raises:
        SystemExit: Terraform refused one.
    """
    server = HTTPServer(("127.0.0.1", 0), StepFunctions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    calls = [f'module "{name}" {{\n  source = "./{name}"\n}}\n' for name in texts]
    root = ROOT.format(version=PROVIDER_VERSION, port=server.server_port)
    (folder / "main.tf").write_text("\n".join([root, *calls]), encoding="utf-8")
    for name, text in texts.items():
        (folder / name).mkdir()
        (folder / name / "main.tf").write_text(text, encoding="utf-8")
    _terraform(folder, "init", "-input=false")
    _terraform(folder, "plan", "-input=false", "-refresh=false", "-lock=false", "-out=plan")
    return json.loads(_terraform(folder, "show", "-json", "plan"))


def _terraform(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["terraform", *arguments, *_color(arguments)], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"terraform {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _color(arguments: tuple[str, ...]) -> list[str]:
    return ["-no-color"] if arguments[0] != "show" else []


def alone(whole: dict[str, Any], name: str) -> dict[str, Any]:
    """What the plan of one module would be."""
    inside = f"module.{name}"
    planned = whole["planned_values"]["root_module"].get("child_modules", [])
    values = next((one for one in planned if one["address"] == inside), {"resources": []})
    changes = [one for one in whole["resource_changes"] if one.get("module_address") == inside]
    module = whole["configuration"]["root_module"]["module_calls"][name]["module"]
    return {
        "format_version": whole["format_version"],
        "terraform_version": whole["terraform_version"],
        "planned_values": {"root_module": {"resources": [_outside(one, inside) for one in values["resources"]]}},
        "resource_changes": [_outside(one, inside) for one in changes],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}},
            "root_module": module,
        },
    }


def _outside(entry: dict[str, Any], module: str) -> dict[str, Any]:
    """An entry of a module as one of the root."""
    kept = {key: value for key, value in entry.items() if key != "module_address"}
    return {**kept, "address": re.sub(rf"^{re.escape(module)}\.", "", entry["address"])}


def main(wanted: Iterable[str]) -> None:
    """Plan the examples of the checks, and write what is new."""
    every = {check.id: check for check in load_checks().values() if example_file(check).is_file()}
    wanted = list(wanted) or [one.id for one in every.values() if recorded(one.id)["of"] != digest(one)]
    texts = {f"{one}_{name}": text for one in wanted for name, text in examples_of(every[one])}
    if not texts:
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = plan(Path(folder), texts)
    for one in wanted:
        plans = {name: alone(whole, f"{one}_{name}") for name, _ in examples_of(every[one])}
        text = json.dumps({"of": digest(every[one]), "plans": plans}, separators=(",", ":"), sort_keys=True)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{one}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        print(f"{one}: {', '.join(plans)}")


if __name__ == "__main__":
    main(sys.argv[1:])
