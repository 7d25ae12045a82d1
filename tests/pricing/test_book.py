"""The price book: what it finds, what it refuses to guess, and that every figure says where it is from."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
import time
import warnings
from datetime import UTC, date, datetime
from pathlib import Path

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pricing import book, cache
from auditor.pricing.savings import _INFERENCE_FAMILIES, _SUCCESSORS
from checks.cost.gpu import PREVIOUS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "auditor/pricing/data"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


EC2 = table("ec2.csv")
SERVICES = table("services.csv")
SOURCES = {row["code"]: row for row in table("sources.csv")}
NAMES = [row["type"] for row in EC2]
ML_RATES = [row for row in SERVICES if row["item"].startswith("ml.")]
unknown_names = st.text().filter(lambda name: name.removeprefix("ml.") not in NAMES)
regions = st.one_of(st.none(), st.sampled_from([*book.REGIONS, "eu-central-1"]), st.text())


def usd(price: book.Price | None) -> float:
    assert price
    return price.usd


def test_rightsizing_example_of_the_chapter() -> None:
    large, small = (
        usd(book.ec2_on_demand("p3.8xlarge", "us-east-1")),
        usd(book.ec2_on_demand("p3.2xlarge", "us-east-1")),
    )
    assert (large, small) == (12.24, 3.06)
    assert 1 - small / large == 0.75
    assert (large - small) * 24 * 365 == pytest.approx(80_417, abs=1)


def test_reservation_example_of_the_chapter() -> None:
    on_demand = usd(book.ec2_on_demand("p3.2xlarge", "us-east-1"))
    assert 1 - 1.84 / on_demand == pytest.approx(0.40, abs=0.005)
    assert (on_demand - 1.84) * 24 * 365 == pytest.approx(10_700, abs=50)


def test_type_has_its_specification() -> None:
    p3dn = book.instance_type("ml.p3dn.24xlarge")
    assert p3dn == book.InstanceType(
        name="p3dn.24xlarge",
        family="p3dn",
        vcpu=96,
        memory_gib=768,
        gpu_name="NVIDIA V100",
        gpu_count=8,
        gpu_memory_gib=256,
        offered=frozenset({"us-east-1", "us-west-2", "eu-west-1"}),
        offered_anywhere=True,
        sagemaker=frozenset({"training", "notebook", "studio"}),
    )
    assert p3dn is book.instance_type("p3dn.24xlarge")


@pytest.mark.parametrize(
    ("name", "has_gpu", "has_accelerator"),
    [
        ("p5.48xlarge", True, True),
        ("g4ad.xlarge", True, True),
        ("g6f.large", True, True),  # an eighth of a GPU
        ("g3s.xlarge", True, True),
        ("inf2.xlarge", False, True),
        ("trn2u.48xlarge", False, True),
        ("m5.large", False, False),
    ],
)
def test_accelerators_are_told_from_gpus(name: str, has_gpu: bool, has_accelerator: bool) -> None:
    found = book.instance_type(name)
    assert found
    assert (found.has_gpu, found.has_accelerator) == (has_gpu, has_accelerator)


def test_withdrawn_type_keeps_its_price() -> None:
    found = book.instance_type("p3.2xlarge")
    assert found
    assert not found.offered
    assert not found.offered_anywhere
    assert book.ec2_on_demand("p3.2xlarge")


def test_family_lists_its_sizes_only() -> None:
    assert {found.name for found in book.instance_types("p3")} == {"p3.2xlarge", "p3.8xlarge", "p3.16xlarge"}
    assert not list(book.instance_types("p"))


def test_every_type_can_be_read() -> None:
    assert len(NAMES) == len(set(NAMES)) == 608
    for name in NAMES:
        found = book.instance_type(name)
        assert found
        assert found.vcpu >= 1
        assert found.memory_gib > 0
        assert found.offered <= set(book.REGIONS)
        assert found.offered_anywhere or not found.offered
        assert bool(found.gpu_name) == found.has_accelerator == (found.gpu_memory_gib > 0)


def test_every_figure_has_a_source_and_a_date() -> None:
    figures = {"price_source": "usd ", "spot_source": "spot_saving ", "spec_source": "vcpu", "source": "usd"}
    for row in (*EC2, *SERVICES):
        for column in figures.keys() & row.keys():
            assert bool(row[column]) == any(row[name] for name in row if name.startswith(figures[column])), row
    used = {row[column] for row in (*EC2, *SERVICES) for column in figures if row.get(column)}
    assert used == SOURCES.keys()
    for row in SOURCES.values():
        assert row["source"]
        assert re.fullmatch(r"20\d\d(-\d\d){0,2}|undated", row["as_of"])


def test_services_are_unique_and_priced() -> None:
    keys = [(row["service"], row["item"], row["region"]) for row in SERVICES]
    assert len(keys) == len(set(keys))
    assert all(float(row["usd"]) >= 0 and row["unit"] for row in SERVICES)
    assert [row["item"] for row in SERVICES if float(row["usd"]) == 0] == ["gateway endpoint (S3, DynamoDB)"]


@given(unknown_names, regions)
def test_unknown_has_no_price(name: str, region: str | None) -> None:
    assert book.instance_type(name) is None
    assert book.ec2_on_demand(name, region) is None
    assert book.ec2_spot(name, region) is None
    assert book.sagemaker(name, region) is None
    assert book.service(name, name, region) is None


def test_ec2_does_not_price_what_sagemaker_runs() -> None:
    assert book.ec2_on_demand("ml.p3.2xlarge", "us-east-1") is None


def test_type_without_a_public_rate_has_no_price() -> None:
    assert book.instance_type("trn2.48xlarge")
    assert book.ec2_on_demand("trn2.48xlarge", "us-east-1") is None
    assert book.sagemaker("ml.trn2.48xlarge", "us-east-1") is None


@pytest.mark.parametrize(
    ("region", "expected", "of", "assumed"),
    [
        ("us-east-1", 21.957642, "us-east-1", False),
        ("eu-west-1", 23.71569, "eu-west-1", False),
        ("eu-central-1", 21.957642, "us-east-1", True),
        (None, 21.957642, "us-east-1", True),
    ],
)
def test_region_without_a_figure_takes_another_and_says_so(
    region: str | None, expected: float, of: str, assumed: bool
) -> None:
    price = book.ec2_on_demand("p4d.24xlarge", region)
    assert price
    assert (price.usd, price.unit, price.region, price.assumed_region) == (expected, "hour", of, assumed)


def test_service_takes_the_price_of_the_region() -> None:
    here = book.service("OpenSearch", "m5.large.search", "eu-west-1")
    there = book.service("OpenSearch", "m5.large.search", "eu-central-1")
    assert here
    assert there
    assert (here.usd, here.assumed_region) == (0.158, False)
    assert (there.usd, there.region, there.assumed_region) == (0.142, "us-east-1", True)


def test_service_has_no_price_where_only_a_third_region_has() -> None:
    assert book.service("Firehose", "ingest first 500 TB", "us-east-1") is None
    assert book.service("Firehose", "ingest first 500 TB", "eu-west-2")


@given(st.sampled_from(NAMES), regions)
def test_spot_is_a_range_below_on_demand(name: str, region: str | None) -> None:
    spot = book.ec2_spot(name, region)
    if spot:
        low, high = spot
        assert 0 < low.usd <= high.usd
        assert high == book.ec2_on_demand(name, region)
        assert low.assumed_region == (low.region != region)


def test_spot_takes_the_saving_of_its_region() -> None:
    spot = book.ec2_spot("p3.2xlarge", "eu-west-1")
    assert spot
    assert spot[0].usd == pytest.approx(3.06 * (1 - 0.56))
    # The on-demand price under it is us-east-1's.
    assert (spot[0].region, spot[0].assumed_region) == ("us-east-1", True)
    assert spot[0].as_of < spot[1].as_of


@pytest.mark.parametrize("row", ML_RATES, ids=lambda row: row["item"])
def test_sagemaker_markups_fit_the_published_rates(row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    published = book.sagemaker(row["item"], row["region"])
    assert published
    assert (published.usd, published.region, published.assumed_region) == (float(row["usd"]), row["region"], False)
    monkeypatch.setattr(book, "_services", dict)
    assumed = book.sagemaker(row["item"], row["region"])
    assert assumed
    assert assumed.source.startswith("assumption: EC2 on-demand x 1.")
    assert assumed.usd == pytest.approx(published.usd, rel=0.01)


def test_sagemaker_takes_names_with_and_without_prefix() -> None:
    assert book.sagemaker("ml.p3.2xlarge", "us-east-1") == book.sagemaker("p3.2xlarge", "us-east-1")


def test_sagemaker_rate_of_another_component_is_called_an_assumption() -> None:
    hosting = book.sagemaker("ml.g5.xlarge", "us-west-2", "hosting")
    studio = book.sagemaker("ml.g5.xlarge", "us-west-2", "studio")
    assert hosting
    assert studio
    assert hosting.usd == studio.usd == 1.41
    assert hosting.source.endswith("hosting assumed to cost the same")
    assert "assumed" not in studio.source


def test_sagemaker_rate_of_us_west_2_stands_in_and_says_so() -> None:
    price = book.sagemaker("ml.g5.xlarge", "us-east-1")
    assert price
    assert (price.region, price.assumed_region) == ("us-west-2", True)


def test_sagemaker_has_no_markup_for_classes_without_a_published_rate() -> None:
    assert book.sagemaker("ml.x1.16xlarge") is None
    assert book.sagemaker("ml.g4dn.metal") is None


def test_rate_that_the_facts_call_a_mix_up_is_left_out() -> None:
    price = book.sagemaker("ml.trn1.32xlarge", "us-east-1")
    assert price
    assert price.usd == pytest.approx(21.5 * 1.15)


def test_service_note_tells_what_the_source_leaves_open() -> None:
    price = book.service("EFS", "Standard-IA", "us-east-1")
    assert price
    assert "0.016" in price.note


def test_pricing_needs_the_standard_library_only() -> None:
    # Without site-packages, and without auditor/__init__.py, which may import anything for check authors.
    code = (
        "import sys, types; auditor = types.ModuleType('auditor'); auditor.__path__ = ['auditor'];"
        "sys.modules['auditor'] = auditor; sys.path.insert(0, '.');"
        "from auditor.pricing import savings; print(savings.gp2_to_gp3(100).high)"
    )
    run = subprocess.run([sys.executable, "-ISc", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "2.0\n"


def test_sagemaker_hosts_the_families_that_savings_propose() -> None:
    shape = botocore.session.get_session().get_service_model("sagemaker").shape_for("ProductionVariantInstanceType")
    sizes = {f"ml.{found.name}" for family in _INFERENCE_FAMILIES for found in book.instance_types(family)}
    assert sizes <= set(shape.enum)


PRICES_HEADER = (
    "instance_type,vcpu,memory_gib,gpu_name,gpu_count,gpu_mem_gib_each,gpu_mem_gib_total,od_usd_hr_us_east_1,od_usd_hr_us_west_2,"
    "od_usd_hr_eu_west_1,spot_saving_pct_us_east_1,spot_saving_pct_us_west_2,spot_saving_pct_eu_west_1,"
    "offered_us_east_1,offered_us_west_2,offered_eu_west_1,offered_anywhere,price_source,price_as_of,spec_source,"
    "spot_saving_source\n"
)
SERVICES_HEADER = "service,item,unit,region,price_usd,source,as_of,second_price,second_source,agree,note\n"


def test_generator_keeps_figures_sources_and_doubts(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(
        PRICES_HEADER
        + "m5.large,2,8.0,,,,,0.096,,,60,,,1,1,1,1,karpenter,2026-07-20,moto 2026-10-27,spotinfo 2025-06-28\n"
        + "g3s.xlarge,,,,,,,0.75,,,,,,0,0,0,0,karpenter,2026-07-20,,\n"
        + "dl2q.24xlarge,96,768.0,Qualcomm,8,15.62,,,,,,73,,0,1,0,1,none (no rate found),,moto 2026-10-27,\n"
    )
    (tmp_path / "services.csv").write_text(
        SERVICES_HEADER
        + "EBS,gp3 storage,GB-month,us-east-1,0.08,infracost,2024-07-01,,,,\n"
        + "EFS,Standard-IA,GB-month,us-east-1,0.025,infracost,2024-07-01,0.016,CloudWise,DISAGREE,old\n"
        + "S,ml.t3.large (all share the rate: memory),hour,us-west-2,0.1,list,before 2023,,,,\n"
        + "S,ml.trn1.32xlarge,hour,us-east-1,28.497,list,2024,,,DISAGREE,do not use\n"
        + "Bedrock,unit,hour,us-east-1,,NOT FOUND,,,,,\n"
    )
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run([sys.executable, ROOT / "tools/build_prices.py", tmp_path, out], check=True)
    *_, m5, g3, dl2q = (out / "ec2.csv").read_text().splitlines()
    assert m5 == "m5.large,2,8,,,,0.096,,,60,,,1,1,1,1,htpbs,1,2,3"
    assert g3.startswith("g3s.xlarge,4,30.5,NVIDIA Tesla M60,1,8,0.75,")
    assert dl2q == "dl2q.24xlarge,96,768,Qualcomm,8,124.96,,,,,,,0,1,0,1,,,2,"
    assert (out / "services.csv").read_text().splitlines()[1:] == [
        "EBS,gp3 storage,GB-month,us-east-1,0.08,5,",
        "EFS,Standard-IA,GB-month,us-east-1,0.025,5,old; CloudWise has 0.016",
        "S,ml.t3.large,hour,us-west-2,0.1,6,all share the rate: from memory",
    ]
    assert (out / "sources.csv").read_text().splitlines() == [
        "code,source,as_of",
        "1,karpenter,2026-07-20",
        "2,moto 2026-10-27,2026-10-27",
        "3,spotinfo 2025-06-28,2025-06-28",
        '4,"AWS Batch User Guide, Run GPU jobs",2026-11-22',
        "5,infracost,2024-07-01",
        '6,"list, before 2023",2022',
    ]


# --- what the checks rely on ------------------------------------------------------------------------------------------

STALE_DAYS = 180
TYPE = re.compile(
    r"(?<![\w.-])(?:ml\.)?((?:[a-z]{1,3}\d+[a-z]*(?:-[a-z0-9]+)?)\.(?:nano|micro|small|medium|metal|\d*x?large))(?![\w.])"
)


def named_in(file: Path) -> set[str]:
    """The types that a module's texts name, but for the examples of its checks, which may be of any type."""
    tree = ast.parse(file.read_text())
    examples = {
        id(node)
        for keyword in ast.walk(tree)
        if isinstance(keyword, ast.keyword) and keyword.arg in ("bad", "good")
        for node in ast.walk(keyword.value)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in examples)
    return {name for node in texts if isinstance(node.value, str) for name in TYPE.findall(node.value)}


NAMED = sorted(
    (name, str(file.relative_to(ROOT)))
    for folder in ("checks", "auditor/resources", "auditor/pricing", "auditor/utilisation")
    for file in (ROOT / folder).rglob("*.py")
    for name in named_in(file)
)
# Not instances of EC2: databases, brokers and search nodes, whose sizes the services name alike.
OTHERS = re.compile(r"(?:db|cache|kafka|mq|ra3|dc2|ds2|mw1|or1|ultrawarm1)\b")


def test_types_are_told_from_other_words() -> None:
    text = "ml.p3.2xlarge, g5.xlarge and m7i-flex.large, not a.b.c or v1.large.x"
    assert TYPE.findall(text) == ["p3.2xlarge", "g5.xlarge", "m7i-flex.large"]


@pytest.mark.parametrize("family", sorted({*PREVIOUS, *_SUCCESSORS, *_INFERENCE_FAMILIES} - {"g2"}))
def test_every_family_that_the_code_names_is_in_the_table(family: str) -> None:
    """But for g2, of which AWS publishes no price any more."""
    assert list(book.instance_types(family))


@pytest.mark.parametrize(("name", "file"), NAMED)
def test_every_type_that_the_code_names_is_in_the_table(name: str, file: str) -> None:
    if not OTHERS.match(name):
        assert book.instance_type(name), f"{file} names {name}: add it to the facts and run tools/build_prices.py"


def test_the_table_is_young_enough() -> None:
    dates = [SOURCES[row["price_source"]]["as_of"] for row in EC2 if row["price_source"]]
    age = (datetime.now(UTC).date() - date.fromisoformat(min(dates))).days
    if age > STALE_DAYS:
        warnings.warn(
            f"the embedded EC2 prices are {age} days old: run tools/build_prices.py on new facts", stacklevel=1
        )


def test_the_first_price_takes_no_more_than_five_milliseconds() -> None:
    took = []
    for _ in range(7):
        for table_of in (book._ec2, book._sources, cache.refreshed):
            table_of.cache_clear()
        start = time.process_time()
        assert book.ec2_on_demand("p3.8xlarge", "us-east-1")
        took.append(time.process_time() - start)
    assert min(took) <= 0.005


def test_regions_said_to_have_the_same_prices_have_them() -> None:
    one, other = sorted(book.SAME_PRICES)
    both = [row for row in EC2 if row[f"usd {one}"] and row[f"usd {other}"]]
    assert both
    for row in both:
        assert float(row[f"usd {one}"]) == pytest.approx(float(row[f"usd {other}"]))
