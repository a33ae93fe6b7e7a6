"""What is planned: the study as typed, sourced data, read from a folder of YAML."""
