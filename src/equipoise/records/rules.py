"""What must be true of every row of the records, as a table of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from equipoise.protocol.form import Item
from equipoise.protocol.whole import Study
from equipoise.records.schemas import TABLES, WITHDRAWAL_REASONS

LARGEST_GLUCOSE = 60.0  # mmol/L; above what a home meter shows


class Rule(NamedTuple):
    """Rows of ``table`` for which ``wrong`` is true are problems.

    A missing value makes no row wrong unless the rule asks for it. ``says`` is what is wrong and
    what to do; ``{column}`` stands for the row's value.
    """

    table: str
    wrong: pl.Expr
    says: str


def general_rules(tables: Mapping[str, pl.DataFrame]) -> Iterator[Rule]:
    """Rules that hold in any study."""
    people = tables["participants"]
    everybody = people["participant"].drop_nulls()
    randomised = people.filter(pl.col("randomised_date").is_not_null())["participant"].drop_nulls()
    for name in TABLES:
        if name != "participants":
            stranger = ~pl.col("participant").is_in(everybody.implode())
            yield Rule(name, stranger, "no participant of this name is in participants; add one")
    for name in ("visits", "doses", "glucose", "titration", "adverse_events"):
        early = ~pl.col("participant").is_in(randomised.implode())
        known = pl.col("participant").is_in(everybody.implode())
        yield Rule(name, early & known, "the participant was not randomised; remove the row")
    yield from _PARTICIPANT_RULES
    yield from _COURSE_RULES
    yield from _DISPOSITION_RULES


def study_rules(study: Study) -> Iterator[Rule]:
    """Rules that hold in this study."""
    protocol = study.protocol
    known = {
        ("participants", "site"): [site.name for site in protocol.sites],
        ("participants", "arm"): list(study.arms),
        ("eligibility", "criterion"): [criterion.id for criterion in protocol.eligibility],
        ("visits", "encounter"): list(study.encounters),
        ("doses", "encounter"): list(protocol.dosing.encounters),
        ("measurements", "encounter"): list(study.encounters),
        ("measurements", "item"): list(study.items),
    }
    for (table, column), names in known.items():
        what = f"the protocol has no {column} {{{column}}}; it has {_listed(names)}"
        yield Rule(table, ~pl.col(column).is_in(names), what)
    points = list(protocol.diary.points) if protocol.diary else []
    of_a_time = pl.col("point").str.contains(r"^([01]\d|2[0-3]):[0-5]\d$")
    what = f"the diary has no point {{point}}; it has {_listed(points)}, or a time such as 03:10"
    yield Rule("glucose", ~pl.col("point").is_in(points) & ~of_a_time, what)
    if protocol.dosing.volume:
        dry = (pl.col("status") != "not given") & _none("volume")
        yield Rule("doses", dry, "{status}, and the volume is missing; the product is a fluid")
    for item in study.items.values():
        yield from _item_rules(item, study.collected[item.name])


def _item_rules(item: Item, encounters: tuple[str, ...]) -> Iterator[Rule]:
    this, value, text = pl.col("item") == item.name, pl.col("value"), pl.col("text")
    elsewhere = this & ~pl.col("encounter").is_in(list(encounters))
    where = f"{item.name} is not collected at {{encounter}}; it is at {_listed(encounters)}"
    yield Rule("measurements", elsewhere, where)
    if item.kind != "number":
        says = f"{item.name} is a {item.kind} and has the number {{value}}; put it into text"
        yield Rule("measurements", this & value.is_not_null(), says)
    if item.kind == "number":
        says = f"{item.name} is a number and has the text {{text}}; put it into value"
        yield Rule("measurements", this & text.is_not_null(), says)
        outside = ~value.is_between(float(item.low or 0), float(item.high or 0))
        says = f"{item.name} is {{value}}; it runs from {item.low} to {item.high} {item.unit}"
        yield Rule("measurements", this & outside, says)
        between = value.round(item.decimals) != value
        says = f"{item.name} is {{value}}; it is recorded {item.column().fineness}"
        yield Rule("measurements", this & between, says)
    elif item.kind in {"code", "yesno"}:
        codes = list(item.codes) or ["yes", "no"]
        says = f"{item.name} is {{text}}; it can be {', '.join(codes)}"
        yield Rule("measurements", this & ~text.is_in(codes), says)
    elif item.kind == "date":
        unreadable = text.is_not_null() & text.str.to_date("%Y-%m-%d", strict=False).is_null()
        says = f"{item.name} is {{text}}; a date is written 2015-10-08"
        yield Rule("measurements", this & unreadable, says)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _given(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(column).is_not_null() for column in columns)


def _none(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(column).is_null() for column in columns)


_PARTICIPANT_RULES = (
    Rule("participants", ~pl.col("age").is_between(0, 120), "age is {age}; give years at consent"),
    Rule(
        "participants",
        _given("randomised_date") & ~_given("age", "sex"),
        "age is {age}, sex is {sex}; give both for everybody who was randomised",
    ),
    Rule(
        "participants",
        pl.col("randomised_date") < pl.col("consent_date"),
        "randomised on {randomised_date}, before the consent of {consent_date}",
    ),
    Rule(
        "participants",
        _given("first_dose_date")
        & (_none("randomised_date") | (pl.col("first_dose_date") < pl.col("randomised_date"))),
        "first dose on {first_dose_date}, randomised {randomised_date}; no dose comes before that",
    ),
    Rule(
        "participants",
        _given("arm") & _none("randomised_date"),
        "the arm {arm} is given and no date of randomisation; only the randomised have an arm",
    ),
)

_COURSE_RULES = (
    Rule(
        "visits",
        (pl.col("status") == "done") != _given("date"),
        "the visit is {status} and its date {date}; a visit has a date exactly when it was done",
    ),
    Rule(
        "doses",
        (pl.col("status") == "not given") & ~_none("amount", "volume"),
        "not given, and yet an amount {amount} or volume {volume}; leave them empty",
    ),
    Rule(
        "doses",
        (pl.col("status") != "not given") & ~_given("date", "amount"),
        "{status}, and the date {date} or amount {amount} is missing; both are recorded",
    ),
    Rule(
        "doses",
        (pl.col("amount") < 0) | (pl.col("volume") < 0),
        "amount {amount}, volume {volume}: neither is negative",
    ),
    Rule(
        "measurements",
        _given("value", "text"),
        "both a value {value} and a text {text}; an item has one of them",
    ),
    Rule(
        "glucose",
        ~pl.col("value").is_between(0, LARGEST_GLUCOSE, closed="right"),
        "glucose is {value}; give mmol/L (mg/dL divided by 18.016)",
    ),
    Rule(
        "titration",
        (pl.col("readings") < 0) | (pl.col("lows") < 0),
        "{readings} readings, {lows} lows: counts are not negative",
    ),
    Rule(
        "titration",
        pl.any_horizontal(pl.col(dose) < 0 for dose in ("dose_before", "proposed", "dose_after")),
        "doses {dose_before}, {proposed}, {dose_after} U/d: none is negative",
    ),
    Rule(
        "titration",
        (pl.col("readings") > 0) != _given("fasting"),
        "{readings} readings and the mean {fasting}; there is a mean when there is a reading",
    ),
    Rule(
        "adverse_events",
        pl.col("end_date") < pl.col("start_date"),
        "ends on {end_date}, before it starts on {start_date}",
    ),
)

_REASON_NEEDED = ["withdrawn", "treatment discontinued"]
_DISPOSITION_RULES = (
    Rule(
        "disposition",
        pl.col("event").is_in(_REASON_NEEDED)
        & ~pl.col("reason").is_in(list(WITHDRAWAL_REASONS)).fill_null(value=False),
        f"the reason is {{reason}}; it can be {', '.join(WITHDRAWAL_REASONS)}",
    ),
    Rule(
        "disposition",
        pl.col("event").is_in(["completed", "withdrawn"])
        & (pl.col("event").is_in(["completed", "withdrawn"]).sum().over("participant") > 1),
        "{event} on {date}, and the participant has another end of the study; keep one",
    ),
)
