"""A trial rehearsed: virtual people take every part in the clinic, from consent to lock.

The simulator makes the people, their readings, and what they and their prescribers do. Here they
meet ``conduct``, which decides by the same rules from what is recorded there; each of its answers,
and in the end every table of the records, must be the simulator's. Nothing is forced.
"""

from equipoise.rehearsal.play import playable, rehearse

__all__ = ["playable", "rehearse"]
