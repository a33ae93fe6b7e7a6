"""How figures are drawn: plain numbers and words in, lines and letters out."""
