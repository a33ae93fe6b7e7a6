"""From records to results, displays and the report: what was estimated, and how it is shown."""

from equipoise.analysis.analyse import analyse
from equipoise.analysis.results import Results

__all__ = ["Results", "analyse"]
