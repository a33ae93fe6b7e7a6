from decimal import Decimal

import pytest

from equipoise.analysis.reproduce import Names, reproduce
from equipoise.analysis.reproduce.labels import claim_of, label_of
from equipoise.protocol.model import Text
from equipoise.protocol.published import Number, PValue

NAMES = Names(
    arms={"A": Text(en="Active", zh="试验组")},
    encounters={"W48": Text(en="Week 48, last visit", zh="第48周，末次访视")},
    items={"PAIN": Text(en="Pain", zh="疼痛")},
    endpoints={"FALL": Text(en="Fall of pain", zh="疼痛降幅")},
)


def number_of(paper, **more):
    return Number.model_validate(paper.number("pain-a", "3.1", **more))


def test_a_label_names_quantity_visit_and_arm_in_the_study_s_words(paper):
    label = label_of(number_of(paper, item="PAIN", encounter="W48", arm="A"), NAMES)

    assert label("en") == "Pain, week 48, Active"
    assert label("zh") == "疼痛，第48周，试验组"


def test_an_endpoint_says_more_than_its_item(paper):
    label = label_of(number_of(paper, item="PAIN", endpoint="FALL"), NAMES)

    assert label("en") == "Fall of pain"


def test_a_statement_s_own_label_goes_before_the_study_s_and_keeps_its_arm(paper):
    own = {"en": "Pain at night", "zh": "夜间疼痛"}

    label = label_of(number_of(paper, item="PAIN", arm="A", label=own), NAMES)

    assert (label("en"), label("zh")) == ("Pain at night, Active", "夜间疼痛，试验组")


@pytest.mark.parametrize(
    ("contrast", "en", "zh"),
    [("between arms", "between arms", "组间比较"), ("within arm", "within the arm", "组内比较")],
)
def test_the_label_of_a_p_value_says_what_is_compared(paper, contrast, en, zh):
    one = PValue.model_validate(paper.p_value("p", "<", "0.05", contrast=contrast, item="PAIN"))

    label = label_of(one, NAMES)

    assert (label("en"), label("zh")) == (f"Pain, {en}", f"疼痛，{zh}")


def test_what_has_no_label_is_called_by_its_name(paper):
    assert label_of(number_of(paper, item="PAIN", arm="B"), Names())("zh") == "PAIN，B"
    assert label_of(number_of(paper), NAMES)("en") == "pain-a"


def test_a_check_s_label_goes_before_that_of_its_statement(paper):
    check = {"kind": "sum", "of": "both", "terms": ["all-a", "all-b"], "label": "Arms add up"}
    study = paper.study(paper.count("both", 91), checks=[check])

    assert reproduce(study)[0].label("en") == "Arms add up"


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        ("2", "month", "2 months", "2 个月"),
        ("1", "month", "1 month", "1 个月"),
        ("3.1", "U/d", "3.1 U/d", "3.1 U/d"),
    ],
)
def test_a_claim_has_its_unit_in_both_languages(paper, value, unit, en, zh):
    claim = claim_of(number_of(paper, unit=unit).model_copy(update={"value": Decimal(value)}))

    assert (claim("en"), claim("zh")) == (en, zh)


def test_sentences_call_an_arm_by_its_label(paper):
    numbers = (
        paper.percentage("share-a", 20, arm="A"),
        paper.percentage("share-b", "4.55", arm="B"),
    )
    check = {
        "kind": "interval",
        "of": "interval",
        "percentages": ["share-a", "share-b"],
        "largest": ["all-a", "all-b"],
    }
    interval = {
        "id": "interval",
        "lower": Decimal("2.25"),
        "upper": Decimal("28.66"),
        "printed": "2.25-28.66",
        "passage": "somewhere",
    }
    names = Names(arms={"B": Text(en="Sham", zh="假手术组")})

    [finding, *_] = reproduce(paper.study(*numbers, intervals=[interval], checks=[check]), names)

    assert "the denominator of Sham is 44" in finding.explanation("en")
    assert "假手术组的分母是 44" in finding.explanation("zh")
