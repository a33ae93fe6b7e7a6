"""What the log amounts to: the trial and each participant, rebuilt from their events.

Both are folds: ``after`` says what one more entry makes of them. Each area of the work keeps what
it needs to know of a participant in a ``Part`` of its own, a field of ``Participant``.
"""
