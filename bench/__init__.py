"""Measurements against the goals, each beside a reference that is pinned here; not shipped."""
