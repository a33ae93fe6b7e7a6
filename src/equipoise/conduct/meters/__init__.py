"""Exports of home meters, read into diary readings: what is in the file, never what is guessed.

One file a format, each with the columns that it is known by. Nothing here writes: the readings go
to ``RecordReadings``, all in one command. What a file does not say (the unit, the order of day and
month) is told by all its values together, or asked for.
"""

from equipoise.conduct.meters.export import Import, Skipped, fresh, read_export

__all__ = ["Import", "Skipped", "fresh", "read_export"]
