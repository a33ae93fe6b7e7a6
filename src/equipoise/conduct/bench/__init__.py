"""The preparer's bench: what needs a key to be worked out, so that nothing here runs on the server.

``stock`` adds up what is left of each lot, ``dose`` makes a bag up and checks it, ``exposure``
tells after the opening of the blind what was given.
"""
