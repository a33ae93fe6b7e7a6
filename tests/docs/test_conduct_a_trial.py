"""The trial that is conducted by hand, in the tutorials."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorials"


def test_the_trial_conducted_by_hand_prints_what_its_page_shows():
    script = TUTORIALS / "conduct_a_trial.py"
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    page = (TUTORIALS / "conduct-a-trial.md").read_text(encoding="utf-8")
    assert f"```text\n{ran.stdout}```" in page
