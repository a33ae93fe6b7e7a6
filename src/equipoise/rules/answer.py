"""Three answers: no, unknown, yes.

As whole numbers their order makes Kleene's logic: *and* is the smaller, *or* the larger of two,
*not* is ``YES - answer``. Unknown never counts as no and never as yes.
"""

from __future__ import annotations

from typing import Final

NO: Final = 0
UNKNOWN: Final = 1
YES: Final = 2

WORDS: Final = ("no", "unknown", "yes")
