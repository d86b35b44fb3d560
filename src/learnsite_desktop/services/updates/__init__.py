"""Newer programs without a network: signed files that come from above, are kept and passed on."""
