"""Cells by weight in one world, vehicle in the other: what blinded people see has the same bytes."""

from __future__ import annotations

import pytest
from msgspec import structs

from equipoise.conduct import views, worksheet
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.stock import accounts
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands import preparation
from equipoise.conduct.commands.infusion import Infuse, Observe
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.deviations import implied
from equipoise.conduct.portable import export_log
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.views import committee, followup
from equipoise.conduct.views import product as shown

from .conftest import Clinic
from .pharmacy import NAME, bench, make_up, receive, scan
from .test_infusion import CHART, ELEVEN, TEN, UNITS


@pytest.fixture
def worlds(opened, quick_path):
    """Plays both worlds: the bench finds cells in the first, vehicle in the second."""
    storages = []

    def worlds(plant=None):
        for arm in ("UC-MSC", "PLACEBO"):
            storages.append(SQLite(quick_path / f"{arm}.sqlite"))
            clinic = Clinic(opened(storages[-1]))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(dose, "open_slot", lambda *_, arm=arm: (arm, b""))
                if plant:
                    plant(patch, arm)
                yield play(clinic, quick_path / arm)

    yield worlds
    for storage in storages:
        storage.close()


def play(clinic, folder):
    """A dose, from the receipt of the lots to the chart; what was seen, and the account of it."""
    clinic.begin()
    receive(clinic, "C-1", "UC-MSC", units=20)
    receive(clinic, "V-1", "VEHICLE", units=50)
    clinic.do(make_up(clinic, bag="B-22222222").command, clinic.preparer)
    clinic.do(CheckDose(NAME, "BASELINE", "B-22222222"), clinic.checker)
    shown_at = {"by": clinic.infusion_nurse, "at": clinic.at.replace(hour=12)}
    scan(clinic, "B-22222222", at=clinic.at.replace(hour=12))
    stop = ("2026-01-19T10:20", "2026-01-19T10:25", "kinked")
    given = Infuse(NAME, "BASELINE", "B-22222222", TEN, ELEVEN, "partly given", "90", (stop,))
    clinic.do(given, clinic.infusion_nurse)
    seen = Observe(NAME, "BASELINE", 15, "2026-01-19T10:15", CHART, UNITS)
    clinic.do(seen, clinic.infusion_nurse)
    second_dose(clinic)
    (exported,) = export_log(clinic.log, folder, ["main"])
    blinded = [
        exported.read_bytes(),
        views.shown(views.participant(clinic.log, NAME, by=clinic.monitor)),
        repr(shown.infusion_chart(clinic.log, NAME, "BASELINE", **shown_at)),
        repr(followup.follow_up(clinic.log, NAME, clinic.at.date(), by=clinic.monitor)),
        repr(followup.work_list(clinic.log, clinic.at.date(), by=clinic.infusion_nurse)),
        repr(implied(clinic.study, clinic.who())),
        committee.open_pack(clinic.log, by=clinic.data_manager, at=clinic.at).json,
        repr(shown.lots(clinic.log, by=clinic.qualified_person)),
        canonical(views.participants(clinic.log, by=clinic.statistician)),
        {name: len(box) for name, box in _boxes(clinic)},
    ]
    return blinded, [account.used for account in accounts(bench(clinic))]


def second_dose(clinic):
    """Four weeks later, by another weight; the bag is scanned, given, and not looked after."""
    clinic.do(HoldVisit(NAME, "WEEK4", clinic.go(28)), clinic.nurse)
    clinic.form("vitals", "WEEK4", 28, WEIGHT="71.5")
    clinic.do(make_up(clinic, encounter="WEEK4", bag="B-33333333").command, clinic.preparer)
    clinic.do(CheckDose(NAME, "WEEK4", "B-33333333"), clinic.checker)
    given = Infuse(NAME, "WEEK4", "B-33333333", "2026-02-16T10:00", "2026-02-16T11:00")
    clinic.do(given, clinic.infusion_nurse)


def _boxes(clinic):
    events = [entry.event for entry in clinic.log.entries("vault")]
    return [box for e in events if hasattr(e, "sealed") for box in e.sealed.items()]


def test_cells_and_vehicle_look_the_same_to_all_who_are_blinded(worlds):
    (cells, used), (vehicle, other) = worlds()

    assert (used, other) == ([16, 2], [0, 2])
    assert cells == vehicle


def volume_of_the_suspension(patch, arm):
    """The nurse's record takes over what was drawn from the vials."""
    decide = Infuse.decide
    drawn = {"UC-MSC": "16.0", "PLACEBO": "0"}[arm]
    patch.setattr(
        Infuse,
        "decide",
        lambda self, now: tuple(structs.replace(e, infused=drawn) for e in decide(self, now)),
    )


def sheet_without_padding(patch, arm):
    """The worksheet is as long as what it says."""
    patch.setattr(worksheet, "padded", lambda said, _: canonical(said))
    patch.setattr(preparation, "sealed_for_all", lambda _: None)


def thaw_time(patch, arm):
    """The clock of the vehicle starts when it is opened, not when cells would have been thawed."""
    make = dose.make_up
    begun = {"UC-MSC": "T09:00", "PLACEBO": "T09:25"}[arm]

    def later(*asked, **said):
        return make(*asked, **(said | {"begun": said["begun"][:10] + begun}))

    patch.setattr(dose, "make_up", later)


@pytest.mark.parametrize("leak", [volume_of_the_suspension, sheet_without_padding, thaw_time])
def test_a_planted_leak_of_the_product_is_found(worlds, leak):
    (first, _), (second, _) = worlds(leak)

    assert first != second
