from decimal import Decimal

import pytest

from equipoise.errors import StudyError
from equipoise.protocol.tree import MAX_BYTES, parse_tree, read_tree


def test_numbers_with_a_point_are_exact_decimals_and_keep_their_digits():
    assert parse_tree("a: 4.550", "f.yaml").value == {"a": Decimal("4.550")}
    assert str(parse_tree("a: 4.550", "f.yaml").value["a"]) == "4.550"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("null", None), ("", None),
        ("012", 12), ("1e6", Decimal("1e6")), ("'7'", "7"), ("1:30", "1:30"), ("2013-107-01", "2013-107-01"),
        ("2015-10-01", "2015-10-01"), ("7.0 %", "7.0 %"), ("-3", -3),
    ],
)  # fmt: skip
def test_plain_words_mean_what_yaml_1_2_says(text, value):
    assert parse_tree(f"a: {text}", "f.yaml").value == {"a": value}


def test_every_value_knows_its_line():
    tree = parse_tree("a: 1\nb:\n  - c: 2\n    d: 3\n", "f.yaml")

    assert tree.line(("b", 0, "d")) == 4
    assert tree.line(("b", 0, "nowhere", 5)) == 3
    assert tree.problem(("b",), "is wrong") == "f.yaml:2: is wrong"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.yaml:1: the file is empty"),
        ("# only a comment\n", "f.yaml:1: the file is empty"),
        ("a: 1\nb: [2\n", "f.yaml:2: not YAML"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: the key 'a' is given twice (first in line 1)"),
        ("a: &x 1\nb: *x\n", "f.yaml:1: anchors and aliases"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins"),
        ("a: !!python/object:os.system x\n", "f.yaml:1: tags"),
        ("? [a]\n: 1\n", "f.yaml:1: a key must be a plain word"),
        ("a: 1\nb: \x00\n", "f.yaml:2: a character that YAML forbids"),
        ("[" * 5000, "f.yaml:1: nested deeper than"),
        ("\t- a\n", "f.yaml:1: not YAML"),
    ],
)
def test_what_is_not_the_dialect_is_refused_with_file_and_line(text, message):
    with pytest.raises(StudyError) as caught:
        parse_tree(text, "f.yaml")

    assert message in str(caught.value)


def test_a_file_that_is_not_utf_8_names_the_byte_and_its_line(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nb: 糖\n".encode("gb18030"))

    with pytest.raises(StudyError, match=r"f.yaml:2: byte 0x\w\w is not UTF-8. Save the file as"):
        read_tree(path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read_tree(path).value == {"a": 1}


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "f.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    with pytest.raises(StudyError, match=rf"50,000,000 bytes.*at most {MAX_BYTES:,}"):
        read_tree(path)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(StudyError, match=r"f.yaml:1: cannot be read: No such file"):
        read_tree(tmp_path / "f.yaml")
