"""The virtual staff: one person a role, at every site where it is a role of sites.

Their names say that nobody stands behind them.
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.roles import AT_SITE, Actor, Role

NEEDED: Final = (
    Role.INVESTIGATOR,
    Role.NURSE,
    Role.INFUSION_NURSE,
    Role.PREPARER,
    Role.SECOND_CHECKER,
    Role.QUALIFIED_PERSON,
    Role.DATA_MANAGER,
    Role.STATISTICIAN,
    Role.CUSTODIAN,
)
READERS: Final = tuple(Actor(f"virtual-adjudicator-{n}", Role.ADJUDICATOR) for n in (1, 2))
METHOD: Final = "passkey"  # of every signature
ADMINISTRATOR: Final = Actor("virtual-administrator", Role.ADMINISTRATOR)


def person(role: Role, site: str | None = None) -> Actor:
    """The virtual person of a role, at a site where it is a role of sites.

    >>> person(Role.NURSE, "S1").person
    'virtual-study-nurse-S1'
    """
    name = f"virtual-{role.replace(' ', '-')}"
    return Actor(f"{name}-{site}", role, site) if role in AT_SITE else Actor(name, role)
