"""What is estimated: arrays in, an estimate out. Knows nothing of tables, files or CDISC."""
