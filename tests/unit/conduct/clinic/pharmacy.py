"""The product in the scenes of this folder: lots are received and released, bags made up, given."""

from __future__ import annotations

from equipoise.conduct import views, worksheet
from equipoise.conduct.bench import dose
from equipoise.conduct.bench.stock import at_bench
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.infusion import Infuse, ScanBag
from equipoise.conduct.commands.lots import ReceiveLot, RecordTest, ReleaseLot
from equipoise.conduct.commands.preparation import CheckDose

NAME = "S1-001"
CELLS = {
    "CD73": "positive", "CD90": "positive", "CD105": "positive", "CD34": "negative",
    "CD45": "negative", "HLA-DR": "negative", "OSTEOGENIC": "present", "ADIPOGENIC": "present",
    "VIABILITY": "91.5", "STERILITY": "none found",
}  # fmt: skip


def receive(clinic, lot, product, *, units, year=2027, release=True, **said):
    """A lot with all its tests; 10 million cells in 2 mL a vial, vehicle in bottles of 100 mL."""
    given = {"content": "10000000", "volume": "2", "passage": 4} if product == "UC-MSC" else {}
    given = {"volume": "100", **given, **said}
    asked = ReceiveLot(lot, product, "S1", units, PartialDate(year, 3, 31), "−150 °C", **given)
    clinic.do(asked, clinic.qualified_person)
    if product == "UC-MSC":
        for test, result in CELLS.items():
            record_test(clinic, lot, test, result)
    if product == "VEHICLE":
        for test, result in (("APPEARANCE", "conforms"), ("STERILITY", "none found")):
            record_test(clinic, lot, test, result)
    if release:
        clinic.do(ReleaseLot(lot, "passkey"), clinic.qualified_person)


def record_test(clinic, lot, test, result, **said):
    unit = "%" if test == "VIABILITY" else None
    on = PartialDate(2026, 1, 2)
    clinic.do(RecordTest(lot, test, result, on, unit, **said), clinic.qualified_person)


def bench(clinic, **said):
    private, listed = clinic.keys["preparer"].private, clinic.sealed.fingerprint
    return at_bench(clinic.log, by=clinic.preparer, private=private, listed=listed, **said)


def with_sheet(at, bag, sheet, private):
    """The bench, once another sheet stands in the place of a bag's."""
    filed = at.stock.filed[bag]
    place = worksheet.Place(at.listed, filed.after)
    sealed = sheet.sealed(at.shelf.recipients, private, place)["preparer"]
    others = {**at.stock.filed, bag: filed._replace(sealed=sealed)}
    return at._replace(stock=at.stock._replace(filed=others))


def make_up(clinic, name=NAME, encounter="BASELINE", **said):
    asked = views.dose_to_prepare(clinic.log, name, by=clinic.preparer)
    begun = f"{clinic.at:%Y-%m-%d}T09:00"
    return dose.make_up(bench(clinic), asked, encounter=encounter, **{"begun": begun, **said})


def prepare(clinic, name=NAME, encounter="BASELINE"):
    made = make_up(clinic, name, encounter)
    clinic.do(made.command, clinic.preparer)
    return made.sheet


def give(clinic, name=NAME, encounter="BASELINE", **said):
    """From the bench to the end of the infusion."""
    bag, day = prepare(clinic, name, encounter).bag, f"{clinic.at:%Y-%m-%d}"
    clinic.do(CheckDose(name, encounter, bag), clinic.checker)
    asked = Infuse(name, encounter, bag, f"{day}T10:00", f"{day}T11:00", **said)
    clinic.do(asked, clinic.infusion_nurse)
    return bag


def arm_of(clinic, name):
    return clinic.scene.open_slot(name)


def both_arms(clinic):
    """One participant of each arm, ready for a dose: arm to name."""
    found = {arm_of(clinic, NAME): NAME}
    number = 2
    while len(found) < 2:
        name = f"S1-{number:03}"
        clinic.begin(name)
        found.setdefault(arm_of(clinic, name), name)
        number += 1
    return found


def scan(clinic, code, name=NAME, at=None):
    """The nurse reads the code of a bag at the bedside."""
    clinic.log.append(
        ScanBag(name, "BASELINE", code),
        by=clinic.infusion_nurse,
        at=at or clinic.at,
        command=f"scan {code} {name} {at}".replace(" ", "_").replace("+", "-"),
    )
