from __future__ import annotations

import pytest
from pydantic import ValidationError

from equipoise.protocol.watch import Watch

PULSE = {"name": "PULSE", "label": "Pulse", "kind": "text", "source": "assumed"}


def test_the_chart_of_the_reference_study_ends_with_its_observation(reference):
    dosing = reference.protocol.dosing

    assert dosing.watch.minutes[-1] == 60 * dosing.observation.value == 1440


@pytest.mark.parametrize("minutes", [(15, 0), (0, 15, 15), (), (-1,)])
def test_minutes_of_a_chart_that_do_not_rise_are_refused(minutes):
    with pytest.raises(ValidationError):
        Watch(minutes=minutes, late=30, items=(PULSE,), source="assumed")
