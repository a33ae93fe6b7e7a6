"""The waist: the few tables that both worlds produce and that the analysis reads."""
