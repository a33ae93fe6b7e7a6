"""What is decided: small pure functions about one participant, in plain Python that also compiles."""
