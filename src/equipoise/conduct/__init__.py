"""The trial itself: who may do what, what is recorded, and how nobody can alter it unseen.

A command looks at what the log holds and returns events (``commands``); ``Log.append`` is the only
writer; ``recall`` rebuilds the trial from its events. Start at ``log``, then ``events``.
"""
