from __future__ import annotations

import pytest

from equipoise.errors import RuleError
from equipoise.rules.parameters import named, whole


def check(_ratio, *, sizes, limit=3):
    pass


def test_a_list_of_the_protocol_becomes_a_tuple():
    assert named("blocks", check, {"sizes": [4, 6]}) == {"sizes": (4, 6)}


def test_an_unknown_parameter_is_refused_with_the_nearest_name():
    with pytest.raises(RuleError, match=r"blocks has no parameter size; .* Did you mean sizes\?"):
        named("blocks", check, {"size": [4]})


def test_a_missing_parameter_is_refused_unless_it_has_a_default():
    with pytest.raises(RuleError, match="blocks needs the parameter sizes"):
        named("blocks", check, {"limit": 2})


@pytest.mark.parametrize("value", [0, -1, 2.0, "2", True, None])
def test_what_is_no_positive_whole_number_is_refused(value):
    with pytest.raises(RuleError, match="give a whole number of at least 1"):
        whole("limit", value, least=1)
