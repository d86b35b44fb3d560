"""The trial village: a workspace to play with, full of invented people, that nobody can hand in."""
