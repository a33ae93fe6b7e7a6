"""What a new version of the protocol changes, and whom: the difference of two studies.

Pure: two studies and the participants in, a list out. It is read before the amendment and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from equipoise.conduct.consents import Due, in_study, reconsent_due
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.model import Text
from equipoise.protocol.whole import Study

Definitions = dict[str, dict[str, Any]]  # name to everything that the study says of it
DEFINING: Final = frozenset(
    {"kind", "unit", "decimals", "low", "high", "codes", "conversions", "derived", "ask_if"}
)
"""Keys of an item that say what its values mean; a new label changes no recorded value."""


class Change(NamedTuple):
    """One thing that is otherwise in the new version."""

    part: str  # one of PARTS
    name: str
    kind: str  # added, removed or changed
    keys: tuple[str, ...]  # which of its keys changed


class Recorded(NamedTuple):
    """A value that was recorded under a definition that is no longer so."""

    participant: str
    item: str
    encounter: str


class Touched(NamedTuple):
    """A participant for whom something is to be done, and the parts that it comes from."""

    participant: str
    parts: tuple[str, ...]


class Impact(NamedTuple):
    """What an amendment changes."""

    old: str
    new: str
    changes: tuple[Change, ...]
    recorded: tuple[Recorded, ...]
    touched: tuple[Touched, ...]
    reconsents: tuple[Due, ...]


def impact(old: Study, new: Study, people: Iterable[Participant], on: date) -> Impact:
    """The difference of two versions of a study, and what it means for the participants.

    Args:
        old: The version in force.
        new: The version to come.
        people: Everybody who consented.
        on: The day from which on the new version counts.
    """
    everybody = tuple(people)
    changes = tuple(_changes(old, new))
    recorded = tuple(_recorded(new, changes, everybody))
    due = reconsent_due(new, everybody, on)
    touched = tuple(_touched(changes, recorded, due, everybody))
    return Impact(old.protocol.version, new.protocol.version, changes, recorded, touched, due)


def told(found: Impact, lang: str = "en") -> str:
    """The impact as people read it."""
    words = {key: text(lang) for key, text in _WORDS.items()}
    lines = [words["title"].format(old=found.old, new=found.new)]
    for part, title in PARTS.items():
        own = [change for change in found.changes if change.part == part]
        if own:
            lines += [f"{title(lang)}:", *(f"  {_shown(change, words)}" for change in own)]
    lines.append(words["recorded"].format(count=len(found.recorded)))
    lines += [f"  {one.participant} {one.item}[{one.encounter}]" for one in found.recorded]
    lines.append(words["touched"].format(count=len(found.touched)))
    for person in found.touched:
        lines.append(f"  {person.participant}: {_parts(person, lang)}")
    lines.append(words["reconsents"].format(count=len(found.reconsents)))
    lines += [f"  {one.participant}: {one.signed} → {one.due}" for one in found.reconsents]
    return "\n".join(lines) + "\n"


def _changes(old: Study, new: Study) -> Iterator[Change]:
    for part, define in _DEFINED.items():
        before, after = define(old), define(new)
        for name in dict.fromkeys([*before, *after]):
            if name not in before:
                yield Change(part, name, "added", ())
            elif name not in after:
                yield Change(part, name, "removed", ())
            elif before[name] != after[name]:
                keys = [k for k in after[name] if before[name].get(k) != after[name][k]]
                yield Change(part, name, "changed", tuple(keys))


def _recorded(
    new: Study, changes: tuple[Change, ...], people: tuple[Participant, ...]
) -> Iterator[Recorded]:
    redefined = {
        change.name
        for change in changes
        if change.part == "items" and not DEFINING.isdisjoint(change.keys)
    }
    for who in people:
        for item, encounter in who.values:
            if item in redefined or encounter not in new.collected.get(item, ()):
                yield Recorded(who.id, item, encounter)


def _touched(
    changes: tuple[Change, ...],
    recorded: tuple[Recorded, ...],
    due: tuple[Due, ...],
    people: tuple[Participant, ...],
) -> Iterator[Touched]:
    changed = {change.part for change in changes}
    with_values = {one.participant for one in recorded}
    to_sign = {one.participant for one in due}
    for who in people:
        goes_on = in_study(who)
        parts = [
            *(["items"] if who.id in with_values else []),
            *(["consents"] if who.id in to_sign else []),
            *(["criteria"] if "criteria" in changed and goes_on and not who.randomised else []),
            *(part for part in AHEAD if part in changed and goes_on),
        ]
        if parts:
            yield Touched(who.id, tuple(parts))


def _shown(change: Change, words: Mapping[str, str]) -> str:
    keys = f" ({', '.join(change.keys)})" if change.keys else ""
    return f"{change.name}: {words[change.kind]}{keys}"


def _parts(person: Touched, lang: str) -> str:
    return ", ".join(PARTS[part](lang) for part in person.parts)


def _named(of: Iterable[Any], key: str = "name") -> Definitions:
    return {getattr(one, key): one.model_dump() for one in of}


def _forms(study: Study) -> Definitions:
    return {
        form.form: {
            "label": form.label,
            "items": [item.name for item in form.items],
            "checks": form.checks,
        }
        for form in study.forms.values()
    }


def _rest(study: Study) -> Definitions:
    own = {"version", "encounters", "activities", "eligibility", "consents", "arms", "products"}
    plain = study.protocol.model_dump(exclude=own | {"sites"})
    return {
        name: value if isinstance(value, dict) else {"": value} for name, value in plain.items()
    }


_LIST: Final[Mapping[str, tuple[Callable[[Study], Definitions], Text]]] = {
    "forms": (_forms, Text(en="Forms", zh="表单")),
    "items": (lambda study: _named(study.items.values()), Text(en="Items", zh="数据项")),
    "encounters": (
        lambda study: _named(study.protocol.encounters),
        Text(en="Visits", zh="访视"),
    ),
    "activities": (
        lambda study: _named(study.protocol.activities),
        Text(en="Activities", zh="研究活动"),
    ),
    "criteria": (
        lambda study: _named(study.protocol.eligibility, "id"),
        Text(en="Eligibility criteria", zh="入选与排除标准"),
    ),
    "consents": (
        lambda study: _named(study.protocol.consents, "version"),
        Text(en="Consent forms", zh="知情同意书"),
    ),
    "arms": (lambda study: _named(study.protocol.arms), Text(en="Arms", zh="组别")),
    "products": (lambda study: _named(study.protocol.products), Text(en="Products", zh="研究产品")),
    "sites": (lambda study: _named(study.protocol.sites), Text(en="Sites", zh="研究中心")),
    "protocol": (_rest, Text(en="Other parts of the protocol", zh="方案其他部分")),
}
_DEFINED: Final = {part: define for part, (define, _) in _LIST.items()}
PARTS: Final[Mapping[str, Text]] = {part: title for part, (_, title) in _LIST.items()}
AHEAD: Final = ("encounters", "activities", "products", "protocol")
"""Parts that change what is done next with everybody who is still in the study."""
_WORDS: Final = {
    "title": Text(en="Protocol {old} → {new}", zh="方案{old} → {new}"),
    "added": Text(en="added", zh="新增"),
    "removed": Text(en="removed", zh="删除"),
    "changed": Text(en="changed", zh="修改"),
    "recorded": Text(
        en="Values recorded under a definition that changes: {count}",
        zh="按原定义记录、定义有变的数据：{count}",
    ),
    "touched": Text(en="Participants touched: {count}", zh="受影响的参与者：{count}"),
    "reconsents": Text(
        en="Participants who consent again: {count}", zh="须重新知情同意的参与者：{count}"
    ),
}
