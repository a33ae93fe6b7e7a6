"""What people ask of the trial: each command looks, returns events, and writes nothing.

A command is a frozen dataclass in the imperative. ``NAME`` is its name in the table of roles;
``decide`` says what it would record, or raises ``ConductError`` with what is missing.
"""
