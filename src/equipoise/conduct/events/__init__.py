"""What can happen in a trial: one event, one class, in the past tense.

An event holds what was decided, nothing that can be worked out from other events. Its class never
changes once a trial has used it: a new shape is a new class with the next ``VERSION``, and the old
one stays, named e.g. ``ScreenedV1``, so that every log can be read for ever.

* ``main``: everything that blinded people work with; no event of it depends on an arm.
* ``vault``: what only unblinded people may know exists. Whatever tells an arm is sealed even here.
* ``personal``: names and addresses, encrypted with a key of their own for each participant.
"""
