"""Virtual participants: a trial lived day by day, or very many, by the rules of the protocol.

Nothing is compiled or imported from Numba before a trial is simulated.
"""
