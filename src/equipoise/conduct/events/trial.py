"""The trial as a whole: opening, staff, the sealed list, lock, the blind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.events.event import Chain, Event


class TrialOpened(Event, frozen=True):
    """The trial may begin, under the protocol files of these SHA-256 sums, by name."""

    files: Mapping[str, str]


class StaffAppointed(Event, frozen=True):
    """A person was given a role at a site; a role of the whole trial has no site."""

    person: str
    given: str  # the role
    place: str | None  # the site


class StaffNamed(Event, frozen=True):
    """The name of a person of the staff as it is printed, from now on."""

    person: str
    name: str


class StaffDismissed(Event, frozen=True):
    """A person's role ended, for the reason in the envelope; that it was held is not forgotten."""

    person: str
    given: str
    place: str | None


class ListDeposited(Event, frozen=True):
    """The sealed allocation list came in: for each slot its stratum and the commitment to its arm.

    ``recipients`` are the public keys that it was sealed for, in hexadecimal, by recipient.
    """

    slots: tuple[tuple[str, str, str], ...]  # slot, stratum, commitment; in the order of use
    recipients: Mapping[str, str]


class ArmsNamed(Event, frozen=True):
    """The names of the arms that the list was sealed with; no version of the protocol changes them.

    With another name the bags of one arm could not be made up, and everybody would see whose. The
    log of the blinded names no arm at all, so that one that stood there would be found.
    """

    arms: str  # SHA-256 of the names, in the protocol's order


class BoxesDeposited(Event, frozen=True):
    """The sealed boxes of the list: for each slot and recipient, in hexadecimal."""

    CHAIN: ClassVar[Chain] = "vault"
    boxes: Mapping[str, Mapping[str, str]]


class TrialLocked(Event, frozen=True):
    """The records are final; nothing about a participant can be recorded any more."""


class BlindOpened(Event, frozen=True):
    """The list was opened after lock: what each slot's commitment was made from, in hexadecimal."""

    openings: Mapping[str, str]
