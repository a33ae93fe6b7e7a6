"""Glucose within a day: the type 2 meal model of Dalla Man, Rizza and Cobelli, for figures.

The trial's own model knows a fasting glucose and a mean rise a day; here the same person is
followed minute by minute. Nothing of it decides anything in a trial.
"""

from equipoise.simulate.detail.day import Habits, glucose_of_day
from equipoise.simulate.detail.figure import drawn

__all__ = ["Habits", "drawn", "glucose_of_day"]
