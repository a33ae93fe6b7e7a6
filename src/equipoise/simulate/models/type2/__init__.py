"""Type 2 diabetes on insulin: glucose, HbA1c, insulin resistance, beta cells, effect of cells."""
