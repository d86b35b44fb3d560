"""Figures as they are looked at: with targets, over time, beside others of their class."""
