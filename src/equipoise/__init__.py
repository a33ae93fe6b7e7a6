"""A randomised, double-blind, placebo-controlled trial from its protocol to its report."""
