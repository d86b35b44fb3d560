"""Learners 学员: found as one types."""
