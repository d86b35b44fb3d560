"""Newer programs: what came, how to install it, and what the units below run."""
