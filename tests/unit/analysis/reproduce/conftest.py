"""Small invented studies, to show what each check finds."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from equipoise.analysis.reproduce import reproduce
from equipoise.protocol.published import Published


def number(name, value, **more):
    return {
        "id": name,
        "statistic": "mean",
        "value": Decimal(str(value)),
        "printed": str(value),
        "passage": "somewhere",
        **{key: Decimal(x) if isinstance(x, str) and key == "sd" else x for key, x in more.items()},
    }


def count(name, value, **more):
    return number(name, value, **{"statistic": "count", **more})


def percentage(name, value, **more):
    return number(name, value, **{"statistic": "percentage", **more})


def p_value(name, comparison, value, *compares, contrast="between arms", **more):
    return {
        "id": name,
        "comparison": comparison,
        "value": Decimal(value),
        "contrast": contrast,
        "compares": compares,
        "printed": f"p{comparison}{value}",
        "passage": "somewhere",
        **more,
    }


def study_of(*numbers, p_values=(), intervals=(), checks=(), sets=None):
    everyone = {"A": ["all-a"], "B": ["all-b"]}
    return Published.model_validate(
        {
            "arms": ["A", "B"],
            "passages": [{"id": "somewhere", "source": "paper", "where": {"en": "Results"}}],
            "numbers": [count("all-a", 45), count("all-b", 46), *numbers],
            "p_values": p_values,
            "intervals": intervals,
            "analysis_sets": [
                {"id": name, "label": name, "n": n}
                for name, n in ({"everyone": everyone} | (sets or {})).items()
            ],
            "checks": [{"id": "check", "expectation": "It follows.", **check} for check in checks],
        }
    )


def find(*numbers, **parts):
    """The finding of the one check of an invented study."""
    study = study_of(*numbers, **parts)
    assert list(study.misfits()) == []
    return reproduce(study)[0]


@pytest.fixture
def paper():
    """What an invented paper prints, and what is found in it."""
    return SimpleNamespace(
        number=number,
        count=count,
        percentage=percentage,
        p_value=p_value,
        study=study_of,
        find=find,
    )
