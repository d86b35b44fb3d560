"""Models for lists too long to hold."""
