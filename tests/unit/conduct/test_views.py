"""Who is shown what: nothing of another site, and no view that the two worlds do not look at."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from inspect import getsource, signature
from pkgutil import iter_modules

import pytest

from equipoise.cli import looking
from equipoise.conduct import views
from equipoise.conduct.commands.safety import ReportAdverseEvent
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.roles import AT_SITE, Actor
from equipoise.errors import NotPermittedError

from . import test_two_worlds, two_worlds_data, two_worlds_product, two_worlds_safety
from . import two_worlds_keeper as keeper
from .adverse import SERIOUS
from .conftest import NOON

ONE = [(what, ("{}",)) for what in looking.OF_ONE if what != "dossier"]
DOSE = [(what, ("{}", "BASELINE")) for what in looking.OF_A_DOSE]


@pytest.fixture
def visited(scene, study):
    """A participant with a bag and an event at S1, and the whole staff of a site S2."""
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    site = study.protocol.sites[0]
    two = study.protocol.model_copy(
        update={"sites": (site, site.model_copy(update={"name": "S2"}))}
    )
    scene.log = replace(scene.log, study=replace(study, protocol=two))
    for role in sorted(AT_SITE):
        scene.do(Appoint(f"{role}-2".replace(" ", "-"), role, "S2"), scene.administrator)
    return scene


@pytest.mark.parametrize("role", sorted(AT_SITE))
def test_people_of_a_site_are_shown_nothing_of_another(visited, role):
    """Nor do the words of the refusal tell whether the participant exists."""
    by = Actor(f"{role}-2".replace(" ", "-"), role, "S2")

    def refused(what, of, name):
        with pytest.raises(NotPermittedError) as refusal:
            looking.look(visited.log, what, [one.format(name) for one in of], by, NOON)
        return str(refusal.value)

    for what, of in [*ONE, *DOSE]:
        assert refused(what, of, "S1-001") == refused(what, of, "S1-404")
    for what in looking.OF_ALL:
        try:
            shown = json.dumps(looking.look(visited.log, what, (), by, NOON))
        except NotPermittedError:
            continue
        assert "S1-001" not in shown


def test_who_is_of_the_site_is_shown_the_participant(visited):
    """Otherwise the test above could not fail."""
    shown = looking.look(visited.log, "participants", (), visited.nurse, NOON)
    assert shown == ["S1-001"]
    assert looking.look(visited.log, "participant", ["S1-001"], visited.nurse, NOON)


def test_the_two_worlds_look_at_every_view():
    """Each function that shows something to a person is asked for in both worlds, by everybody."""
    modules = [
        views,
        *(import_module(f"{views.__name__}.{m.name}") for m in iter_modules(views.__path__)),
    ]
    shows = {
        f"{module.__name__.removeprefix('equipoise.conduct.')}.{name}"
        for module in modules
        for name, function in vars(module).items()
        if getattr(function, "__module__", "") == module.__name__
        and not name.startswith("_")
        and callable(function)
        and "log" in signature(function).parameters
        and "by" in signature(function).parameters
    }
    looked = (
        looking,
        keeper,
        test_two_worlds,
        two_worlds_data,
        two_worlds_product,
        two_worlds_safety,
    )
    asked = "".join(map(getsource, looked))

    assert len(shows) > 25
    assert {name for name in shows if f"{name.rsplit('.', 1)[1]}(" not in asked} == set()
