"""A trial rehearsed: virtual people take every part in the clinic, from consent to lock."""
