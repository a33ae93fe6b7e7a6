"""Many simulated trials of a design: operating characteristics, sample size, sweeps.

One trial is ``equipoise.simulate``; here are thousands, analysed as the study's plan says, and what
can be learnt from them about the design. Every number is simulated.
"""
