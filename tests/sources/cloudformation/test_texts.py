"""YAML and JSON text to data and positions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.sources import json_text, yaml_text
from auditor.sources.nodes import MAX_DEPTH, DuplicateKey, Node, SyntaxFault, TooDeep


def load(text: str) -> Any:
    return yaml_text.load(text)[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("yes", True),
        ("No", False),
        ("ON", True),
        ("off", False),
        ("y", "y"),
        ("N", "N"),
        ("'yes'", "yes"),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0x_", "0x_"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        (".", "."),
        ("-", [None]),
        (".inf", ".inf"),
        ("012345678901", "012345678901"),
        ("012345670123", "012345670123"),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z"),
        ("22:22", "22:22"),
        ("10.0.0.0", "10.0.0.0"),
        ("1e5", "1e5"),
        ("1.0e+3", 1000.0),
        ("9" * 2000, "9" * 2000),
        ("!!str 12", "12"),
        ("!!int 12", 12),
        ("! 12", "12"),
        ("=", "="),
        ("|\n text\n", "text\n"),
        (">-\n a\n b\n", "a b"),
    ],
)
def test_scalars(written: str, meant: Any) -> None:
    got = load(written)
    assert got == meant
    assert type(got) is type(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Condition A", {"Condition": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub 'a-${B}'", {"Fn::Sub": "a-${B}"}),
        ("!Sub ['${B}', {B: 1}]", {"Fn::Sub": ["${B}", {"B": 1}]}),
        ("!Join [',', [a, b]]", {"Fn::Join": [",", ["a", "b"]]}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("!Split [',', 'a,b']", {"Fn::Split": [",", "a,b"]}),
        ("!If [C, 1, 2]", {"Fn::If": ["C", 1, 2]}),
        ("!Equals [a, 012]", {"Fn::Equals": ["a", "012"]}),
        ("!And [!Condition A, !Not [x]]", {"Fn::And": [{"Condition": "A"}, {"Fn::Not": ["x"]}]}),
        ("!Or [!Condition A]", {"Fn::Or": [{"Condition": "A"}]}),
        ("!FindInMap [A, B, C]", {"Fn::FindInMap": ["A", "B", "C"]}),
        ("!Base64 123", {"Fn::Base64": "123"}),
        ("!Base64\n  Ref: A", {"Fn::Base64": {"Ref": "A"}}),
        ("!Cidr [10.0.0.0/16, 2, 8]", {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}),
        ("!ImportValue x", {"Fn::ImportValue": "x"}),
        ("!Transform {Name: X}", {"Fn::Transform": {"Name": "X"}}),
        ("!Rain::Embed file.sh", {"Rain::Embed": "file.sh"}),
        ("!Nonsense x", {"Fn::Nonsense": "x"}),
    ],
)
def test_short_forms(written: str, meant: Any) -> None:
    data, node = yaml_text.load(written)
    assert data == meant
    assert_same_shape(data, node)


def assert_same_shape(data: Any, node: Node | None) -> None:
    """Every path into the data is one into the tree; only the pieces of a `GetAtt` text have no place of their own."""
    assert node is not None
    if isinstance(data, dict):
        assert isinstance(node.children, dict)
        assert list(data) == list(node.children)
        for key, value in data.items():
            assert_same_shape(value, node.children[key].node)
    elif isinstance(data, list) and node.children is not None:
        assert isinstance(node.children, list)
        assert len(data) == len(node.children)
        for value, child in zip(data, node.children, strict=True):
            assert_same_shape(value, child)


def test_keys_are_texts() -> None:
    # As CloudFormation makes texts of values, so of keys: where a parameter `Default: Yes` picks the key `Yes`, both
    # are "true".
    assert load("{1: a, Yes: b, 2012-10-17: c, ~: d, 0123: e, 'No': f}") == {
        "1": "a",
        "true": "b",
        "No": "f",
        "2012-10-17": "c",
        "~": "d",
        "0123": "e",
    }


def test_anchors_and_merges() -> None:
    data, node = yaml_text.load(
        """
a: &a {x: 1, y: 2}
b: &b {y: 3, z: 4}
c:
  <<: [*a, *b]
  x: own
d: {w: 0, <<: *b}
e: [*a, *a]
f: &k key
*k : alias as a key
"""
    )
    assert data["c"] == {"x": "own", "y": 2, "z": 4}
    assert data["d"] == {"w": 0, "y": 3, "z": 4}
    assert data["e"] == [{"x": 1, "y": 2}] * 2
    assert data["key"] == "alias as a key"
    assert node is not None
    assert isinstance(node.children, dict)
    merged = node.children["c"].node.children
    assert isinstance(merged, dict)
    assert set(merged) == {"x", "y", "z"}


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' is given twice", 10),
        ("a: [1\nb: 2\n", "not valid YAML", 7),
        ("a:\n\t- b\n", "spaces instead of tabs", 3),
        ("a: b: c\n", "mapping values are not allowed", 4),
        ("a: *b\n", "alias *b", 3),
        ("a: &a [*a]\n", "alias *a", 7),
        ("{[1]: 2}", "a key must be text", 1),
        ("? {a: b}\n: c\n", "a key must be text", 2),
        ("a: 1\n---\nb: 2\n", "more than one YAML document", 5),
        ("<<: 5\n", "merge key", 4),
        ("a: &a 1\n<<: [*a]\n", "merge key", 12),
        ("a: \x01\n", "not allow", 3),
        ("'unterminated", "not valid YAML", 13),
    ],
)
def test_yaml_faults(text: str, message: str, offset: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        load(text)
    assert message in caught.value.message
    assert caught.value.offset == offset


def test_empty_yaml() -> None:
    for text in ("", "\n# only a comment\n", "---\n"):
        assert load(text) is None


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000])
@pytest.mark.parametrize("unit", [("[", "]"), ('{"a":', "}"), ('{"a":[', "]}")])
def test_deep_nesting(depth: int, unit: tuple[str, str]) -> None:
    text = unit[0] * depth + "1" + unit[1] * depth
    with pytest.raises(TooDeep):
        json_text.load(text)
    with pytest.raises(TooDeep):
        yaml_text.load(text)


def test_deep_block_nesting() -> None:
    text = "".join(" " * level + "a:\n" for level in range(10_000))
    with pytest.raises(TooDeep):
        yaml_text.load(text)
    text = "- " * 10_000
    with pytest.raises(TooDeep):
        yaml_text.load(text)


def test_the_deepest_allowed() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert json_text.load(text) == yaml_text.load(text)[0]


def test_depth_by_aliases() -> None:
    half = MAX_DEPTH // 2 + 2
    text = f"- &a {'[' * half}{']' * half}\n- {'[' * half}*a{']' * half}\n"
    with pytest.raises(TooDeep):
        yaml_text.load(text)


def test_alias_bomb() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(SyntaxFault, match="aliases expand"):
        yaml_text.load("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' is given twice", 23),
        ('{"a" 1}', "':' delimiter", 5),
        ('{"a": 1', "delimiter", 7),
        ('{"a": NaN}', "NaN", 0),
        (f'{{"a": {"9" * 5000}}}', "not valid JSON", 0),
        ('{"a": "\\ud800"}', "lone surrogate", 7),
        ('{"a": "\\ud83d\\ude00\\ude00"}', "lone surrogate", 19),
        ("{} {}", "Extra data", 3),
    ],
)
def test_json_faults(text: str, message: str, offset: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        json_text.load(text)
    assert message in caught.value.message
    assert caught.value.offset == offset


def test_json_duplicate_escaped() -> None:
    with pytest.raises(DuplicateKey):
        json_text.load('{"a": 1, "\\u0061": 2}')


def test_json_surrogate_pairs_are_fine() -> None:
    assert json_text.load('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=25,
)


@given(_JSON, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_positions(data: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    if "\\ud" not in text or ascii_only is False:
        assert json_text.load(text) == data
    node = json_text.positions(text)

    def check(data: Any, node: Node) -> None:
        assert json.loads(text[node.start : node.end]) == data
        if isinstance(data, dict):
            assert isinstance(node.children, dict)
            for key, entry in node.children.items():
                assert json.loads(text[entry.start : entry.end]) == key
                check(data[key], entry.node)
        if isinstance(data, list):
            assert isinstance(node.children, list)
            for value, child in zip(data, node.children, strict=True):
                check(value, child)

    check(data, node)


@given(_JSON)
def test_yaml_reads_json(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=True)
    try:
        loaded, node = yaml_text.load(text)
    except SyntaxFault:
        return  # a key of more than 1,024 characters, a surrogate pair
    if loaded == data:
        assert_same_shape(loaded, node) if node else None


@given(st.text(alphabet="ab:-[]{},&*!<>|'\"#%@ \n\t?~0x1", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for load_text in (yaml_text.load, json_text.load):
        try:
            load_text(text)
        except SyntaxFault as fault:
            assert 0 <= fault.offset <= len(text) + 1
