"""A participant of the reference study, and a clock that moves from day to day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.roles import Actor, Role

from .pharmacy import receive

ZERO = date(2026, 1, 19)  # of the first dose
ZONE = ZoneInfo("Asia/Shanghai")
NAME = "S1-001"
START = datetime.combine(ZERO - timedelta(days=14), time(9), ZONE)
NO = [
    "TUMOUR", "MYOCARDIAL_INFARCTION", "ANGINA_OR_HEART_FAILURE", "RETINOPATHY_LASER",
    "MALIGNANT_HYPERTENSION", "ENDOCRINE_DISEASE", "LIFE_LIMITING_DISEASE",
    "ALLERGIC_CONSTITUTION", "OCCUPATION_EXCLUDES_INSULIN", "SUBSTANCE_ABUSE",
    "PREGNANCY_PLANNED", "INCRETIN_OR_SGLT2",
]  # fmt: skip
ELIGIBLE: Mapping[str, Mapping[str, str]] = {
    "demography": {"AGE": "55", "SEX": "F", "HEIGHT": "165"},
    "history": {
        "TYPE2_DIABETES": "yes", "DIABETES_DURATION": "8", "METFORMIN": "yes",
        "INSULIN_STABLE_MONTHS": "6", "UNDERSTANDS_PROTOCOL": "yes", "VASCULAR_EVENTS": "0",
        **dict.fromkeys(NO, "no"),
    },
    "glycaemia": {"HBA1C": "9.0", "FPG": "9.5"},
    "insulin": {"INSULIN": "48"},
    "laboratory": {"CREATININE": "80", "KETONURIA": "no"},
    "cpeptide": {"CPEPTIDE": "1.80"},
    "vitals": {"WEIGHT": "80.0"},
}  # fmt: skip


def partial(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


@dataclass
class Clinic:
    """A trial on a day that can be set; commands are numbered."""

    scene: Any
    at: datetime = START
    numbers: Iterator[int] = field(default_factory=count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scene, name)

    def on(self, day: int) -> PartialDate:
        """The date of a study day."""
        return partial(ZERO + timedelta(days=day))

    def go(self, day: int) -> PartialDate:
        """Turn the clock to 18:00 of a study day."""
        self.at = datetime.combine(ZERO + timedelta(days=day), time(18), ZONE)
        return self.on(day)

    def do(self, command, by=None):
        by = by or self.scene.investigator
        return self.scene.log.append(command, by=by, at=self.at, command=f"v{next(self.numbers)}")

    def form(self, form: str, encounter: str, day: int, name: str = NAME, **values: str) -> None:
        study = self.scene.log.study
        said = {**ELIGIBLE[form], **values}
        units = {item: study.items[item].unit for item in said if study.items[item].unit}
        self.do(RecordForm(name, encounter, form, said, self.on(day), units), self.nurse)

    def enrol(self, name: str = NAME, **values: str) -> None:
        """Consent, screening and randomisation."""
        self.do(Consent(name, "icf-1", "zh", self.on(-14)))
        for form in ELIGIBLE:
            own = {item: value for item, value in values.items() if item in ELIGIBLE[form]}
            self.form(form, "SCREENING", -14, name, **own)
        self.do(Screen(name))
        self.do(Randomise(name))

    def begin(self, name: str = NAME, **values: str) -> None:
        """From consent to the end of the baseline visit."""
        self.enrol(name, **values)
        day = self.go(0)
        self.do(HoldVisit(name, "BASELINE", day), self.nurse)
        self.form("vitals", "BASELINE", 0, name)
        self.form("insulin", "BASELINE", 0, name)

    def patient(self, name: str = NAME) -> Actor:
        """The participant, with a role to write the own diary."""
        actor = Actor(name, Role.PARTICIPANT)
        self.do(Appoint(*actor), self.administrator)
        return actor

    def who(self, name: str = NAME):
        return self.scene.log.participant(name)

    @property
    def study(self):
        return self.scene.log.study


@pytest.fixture(scope="session")
def study(reference):
    """The reference study, for the scenes of this folder."""
    return reference


@pytest.fixture(scope="session")
def sealed_list(study, keys):
    public = {who: key.public for who, key in keys.items()}
    return sealed.seal(study, public, length=8, seed=20260105)


@pytest.fixture
def clinic(scene) -> Clinic:
    return Clinic(scene)


@pytest.fixture
def begun(clinic) -> Clinic:
    """S1-001 is randomised, 80 kg, on 48 U a day; the baseline visit is over."""
    clinic.begin()
    return clinic


@pytest.fixture
def pharmacy(begun):
    """Cells in two lots and vehicle in one, all released; one participant is ready for a dose."""
    receive(begun, "C-1", "UC-MSC", units=10)
    receive(begun, "C-2", "UC-MSC", units=100, year=2028)
    receive(begun, "V-1", "VEHICLE", units=50)
    return begun


@pytest.fixture
def shelf(begun):
    """One lot of cells, one of vehicle."""
    receive(begun, "C-1", "UC-MSC", units=30)
    receive(begun, "V-1", "VEHICLE", units=50)
    return begun
