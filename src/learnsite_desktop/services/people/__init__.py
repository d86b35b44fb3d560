"""Learners: found as one types, compared with newcomers, shown on their card."""
