"""What is decided: small pure functions about one participant.

They are plain Python in the subset that also compiles, so that the same lines decide for one person
and for a million.
"""
