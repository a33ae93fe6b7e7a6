"""The product: its lots, and the blinded doses of one participant from the bench to the arm."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from equipoise.conduct import views
from equipoise.conduct.bench import dose as bench
from equipoise.conduct.bench.stock import EMPTY, Bench, at_bench
from equipoise.conduct.commands.infusion import Infuse, NotInfused, ScanBag
from equipoise.conduct.commands.lots import ReceiveLot, RecordTest, ReleaseLot
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.roles import Role
from equipoise.conduct.views.product import bag_to_check
from equipoise.protocol.intervention import Product
from equipoise.rehearsal.clinic import Clinic, agree
from equipoise.rehearsal.forms import partial
from equipoise.rehearsal.people import METHOD, person
from equipoise.rehearsal.script import Person, Row
from equipoise.rules.dosing.planned import planned_dose

UNIT_FOR: Final = Decimal(50)  # kg: one vial holds the dose of so light a person
SHARE: Final = 10  # a vial's volume in that of the bag
SPARE: Final = 10  # units for each dose that is planned
MISSED: Final = "The virtual participant did not come."


def stock(clinic: Clinic, on: date, until: date) -> None:
    """Receive, test and release one lot of each product at each site, enough for everybody."""
    qualified = person(Role.QUALIFIED_PERSON)
    for site in clinic.study.protocol.sites:
        for product in clinic.study.protocol.products:
            lot = f"VIRTUAL-{product.name}-{site.name}"
            clinic.do(_received(clinic, product, lot, site.name, until), qualified)
            for test in product.release_tests:
                limit = test.at_least
                result = str(limit.known(test.name)) if limit else test.expected("en")
                unit = limit.unit if limit else None
                clinic.do(RecordTest(lot, test.name, result, partial(on), unit), qualified)
            clinic.do(ReleaseLot(lot, METHOD), qualified)


def _received(clinic: Clinic, product: Product, lot: str, site: str, until: date) -> ReceiveLot:
    protocol = clinic.study.protocol
    dosing, arms = protocol.dosing, protocol.arms
    placebo = all(arm.role == "placebo" for arm in arms if arm.product == product.name)
    fluid = dosing.volume.known("dosing.volume") if dosing.volume else None
    content = format(planned_dose(dosing, weight=UNIT_FOR), "f")
    volume = format(fluid if placebo else fluid / SHARE, "f") if fluid else None
    units = SPARE * len(clinic.sealed.slots) * len(dosing.encounters)
    return ReceiveLot(
        lot, product.name, site, units, partial(until), "virtual store",
        None if placebo and fluid else content, volume, product.passage,
    )  # fmt: skip


def give(clinic: Clinic, who: Person, row: Row) -> None:
    """Make up, check and give a dose, each by another person; or record that it was not given."""
    nurse, encounter = person(Role.INFUSION_NURSE, who.site), row["encounter"]
    if row["status"] == "not given":
        clinic.do(NotInfused(who.name, encounter, MISSED), nurse)
        return
    preparer, checker = (person(role, who.site) for role in (Role.PREPARER, Role.SECOND_CHECKER))
    asked = views.dose_to_prepare(clinic.log, who.name, by=preparer)
    made = bench.make_up(_bench(clinic, who.site), asked, encounter=encounter, begun=clinic.minute)
    where = f"{who.name}, dose of {encounter}"
    agree(where, "the amount", clinic=float(made.sheet.amount), simulated=row["amount"])
    clinic.do(made.command, preparer)
    to_check = bag_to_check(clinic.log, who.name, encounter, by=checker)
    bench.check(_bench(clinic, who.site), to_check)
    bag = made.sheet.bag
    clinic.do(CheckDose(who.name, encounter, bag), checker)
    clinic.passed += timedelta(minutes=1)
    started = clinic.minute
    clinic.do(ScanBag(who.name, encounter, bag), nurse)
    clinic.passed += timedelta(minutes=1)
    clinic.do(Infuse(who.name, encounter, bag, started, clinic.minute), nurse)


def _bench(clinic: Clinic, site: str) -> Bench:
    """The bench of a site, with the stock as it is now."""
    private = clinic.keys["preparer"].private
    known = clinic.stocks.get(site, EMPTY)
    listed = clinic.sealed.fingerprint
    found = at_bench(
        clinic.log, by=person(Role.PREPARER, site), private=private, listed=listed, known=known
    )
    clinic.stocks[site] = found.stock
    return found
