import string

from equipoise.analysis.displays.words import words
from equipoise.protocol.plan import Figure
from equipoise.records.schemas import TABLES, WITHDRAWAL_REASONS


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_both_languages_say_the_same_things():
    assert set(words("en")) == set(words("zh"))


def test_both_languages_fill_in_the_same_values():
    for name, text in words("en").items():
        assert fields(text) == fields(words("zh")[name]), name


def test_there_are_words_for_every_reason_and_event_of_the_records():
    events = set(TABLES["disposition"].codes["event"]) - {"screen failure", "randomised"}

    for name in (
        *(f"reason {reason}" for reason in WITHDRAWAL_REASONS),
        *map("event {}".format, events),
    ):
        assert name in words("en")


def test_there_are_words_for_every_centre_and_spread_of_a_course():
    centres = Figure.model_fields["centre"].annotation.__args__
    spreads = Figure.model_fields["spread"].annotation.__args__

    for centre in centres:
        for spread in spreads:
            assert f"measured {centre} {spread}" in words("en")
