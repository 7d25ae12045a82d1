"""Derive the embedded price tables from a folder of collected facts.

    python tools/build_prices.py FACTS [OUT]

FACTS holds `prices.csv` (EC2 types) and `services.csv` (everything else), one figure a row with its source and date.
Which types SageMaker AI has, and for what, is read from the enumerations of its API in botocore.
OUT (default `auditor/pricing/data`) gets `ec2.csv`, `services.csv` and `sources.csv`; a row there names its source and
date by a code of `sources.csv`. The same facts give the same bytes.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import botocore.session

REGIONS = ("us-east-1", "us-west-2", "eu-west-1")

# What prices.csv lacks or has wrong, with where it stands: type -> vCPU, GiB, accelerator, how many, GiB each.
G3_SOURCE = ("AWS Batch User Guide, Run GPU jobs", "2026-11-22")
TRN2_SOURCE = ("AWS Neuron documentation, Trn2 and Trainium2 architecture", "2026-11-22")
SPECIFICATIONS = {
    "g3s.xlarge": (G3_SOURCE, ("4", "30.5", "NVIDIA Tesla M60", "1", "8")),
    "g3.4xlarge": (G3_SOURCE, ("16", "122", "NVIDIA Tesla M60", "1", "8")),
    "g3.8xlarge": (G3_SOURCE, ("32", "244", "NVIDIA Tesla M60", "2", "8")),
    "g3.16xlarge": (G3_SOURCE, ("64", "488", "NVIDIA Tesla M60", "4", "8")),
    # prices.csv says 512 GiB a chip for trn2 and nothing for trn2u; a chip has 96.
    "trn2.3xlarge": (TRN2_SOURCE, ("12", "128", "AWS Trainium2", "1", "96")),
    "trn2.48xlarge": (TRN2_SOURCE, ("192", "2048", "AWS Trainium2", "16", "96")),
    "trn2u.48xlarge": (TRN2_SOURCE, ("192", "2048", "AWS Trainium2", "16", "96")),
}

# Names that mean nothing outside the collection, as a reader of a report can understand them.
SOURCE_NAMES = {
    "AWS pricing, quoted in the brief; not re-read here": "AWS pricing page, from memory",
    "CloudWise pricing service, stored public file id 70712899090": "CloudWise price table (public repository)",
    "README of a Capacity Blocks scraper, last_updated 2026-01-31 (file 35079166646)": "Capacity Blocks scraper",
    "comment in stored cleancloud revision 58505408766": "cleancloud, comment in the source",
    "fit on the 9 rows above": "fit on 9 published uplifts",
    "stored file 59927003120": "price table in a public repository",
    "stored file 62112694676": "fallback price table in a public repository",
    "stored file 62112694676 (versioned fallback table)": "fallback price table in a public repository",
    "stored file 69745772541": "S3 analyser on PyPI, price table",
    "stored file 69745772541 (a PyPI S3 analyser)": "S3 analyser on PyPI, price table",
    'stored public files, find_string "GLACIER_IR": 0.004': "S3 price tables in public repositories",
    "stored workshop table id 68390986493: AWS Price List API, Studio-JupyterLab": (
        "AWS Price List API (Studio JupyterLab), in a public workshop"
    ),
    "third-party report script 51964178317 (labels it on-demand us-east-1)": "report script in a public repository",
}


# The enumerations of SageMaker AI's API that name instance types, by the first letter of what they are for.
SAGEMAKER = {
    "h": "ProductionVariantInstanceType",  # hosting
    "t": "TrainingInstanceType",
    "p": "ProcessingInstanceType",
    "b": "TransformInstanceType",  # batch transform
    "n": "InstanceType",  # notebook instances
    "s": "AppInstanceType",  # Studio
}


class Sources:
    """Numbers each pair of source and date by its first use."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], str] = {}

    def code(self, source: str, as_of: str) -> str:
        """The code of a source; "" where there is none.

        Dates are cut to what sorts as ISO 8601 does, the earliest where several are named, so that the code can find
        the oldest of some figures; what was cut stays in the source's name.
        """
        if not source or source.startswith("none"):
            return ""
        source = SOURCE_NAMES.get(source, source)
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", as_of):
            date = re.search(r"\b20\d\d(-\d\d){0,2}\b", as_of or source)
            source = f"{source}, {as_of}" if date and as_of else source
            before = as_of.startswith("before")
            as_of = date.group() if date else "undated"
            as_of = str(int(as_of) - 1) if before else as_of
        return self.codes.setdefault((source, as_of), str(len(self.codes) + 1))


def number(text: str) -> str:
    """A number without a useless fraction: 16.0 -> 16."""
    return text.removesuffix(".0")


def ec2_rows(facts: Path, sources: Sources) -> Iterable[Sequence[str]]:
    """The rows of ec2.csv, its header first: prices in USD an hour, savings in per cent of on-demand."""
    yield (
        *("type", "vcpu", "memory_gib", "gpu", "gpus", "gpu_gib"),
        *(f"{column} {region}" for column in ("usd", "spot_saving", "offered") for region in REGIONS),
        *("offered anywhere", "sagemaker", "price_source", "spec_source", "spot_source"),
    )
    api = botocore.session.get_session().get_service_model("sagemaker")
    sagemaker = {letter: set(api.shape_for(shape).enum) for letter, shape in SAGEMAKER.items()}
    for row in read(facts / "prices.csv"):
        name = row["instance_type"]
        *spec, each = (row[column] for column in ("vcpu", "memory_gib", "gpu_name", "gpu_count", "gpu_mem_gib_each"))
        memory = row["gpu_mem_gib_total"]
        spec_source = (row["spec_source"], "")
        if name in SPECIFICATIONS:
            spec_source, (*spec, each) = SPECIFICATIONS[name]
            memory = ""
        if each and not memory:
            memory = f"{float(spec[-1]) * float(each):.2f}".rstrip("0").rstrip(".")
        if not row["spot_saving_source"]:  # a figure without a source is none
            row.update((column, "") for column in row if column.startswith("spot_saving_pct_"))
        yield (
            name,
            *map(number, (*spec, memory)),
            *(
                row[column + region.replace("-", "_")]
                for column in ("od_usd_hr_", "spot_saving_pct_", "offered_")
                for region in REGIONS
            ),
            row["offered_anywhere"],
            "".join(letter for letter, names in sagemaker.items() if f"ml.{name}" in names),
            sources.code(row["price_source"], row["price_as_of"]),
            sources.code(*spec_source),
            sources.code(row["spot_saving_source"], ""),
        )


def service_rows(facts: Path, sources: Sources) -> Iterable[Sequence[str]]:
    """The rows of services.csv, its header first: one per service, item and region."""
    yield "service", "item", "unit", "region", "usd", "source", "note"
    for row in read(facts / "services.csv"):
        if not row["price_usd"] or "do not use" in row["note"]:
            continue
        # "ml.t3.large (all of ... share the rate)": the remark is not part of the name.
        item, remark = re.fullmatch(r"(.*?)(?: \(([^()]*(?:memory|USD)[^()]*)\))?", row["item"]).groups()  # type: ignore[union-attr]
        other = SOURCE_NAMES.get(row["second_source"], row["second_source"])
        doubt = f"{other} has {row['second_price']}" if row["agree"] == "DISAGREE" else ""
        note = "; ".join(filter(None, (remark, row["note"], doubt)))
        note = note.replace("from memory", "memory").replace("memory", "from memory")
        source = sources.code(row["source"], row["as_of"])
        yield row["service"], item, row["unit"], row["region"], number(row["price_usd"]), source, note


def read(path: Path) -> Iterable[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(facts: Path, out: Path) -> None:
    """Write the three tables."""
    sources = Sources()
    write(out / "ec2.csv", ec2_rows(facts, sources))
    write(out / "services.csv", service_rows(facts, sources))
    rows = ((code, *source) for source, code in sources.codes.items())
    write(out / "sources.csv", [("code", "source", "as_of"), *rows])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path((sys.argv[2:] or ["auditor/pricing/data"])[0]))
