"""What is recomputed of the published numbers of the reference study."""

from __future__ import annotations

import pytest

from equipoise.analysis.reproduce import names_of, reproduce


@pytest.fixture(scope="module")
def published(reference):
    return reference.published


@pytest.fixture(scope="module")
def findings(reference):
    found = reproduce(reference.published, names_of(reference))
    return {finding.id: finding for finding in found}
