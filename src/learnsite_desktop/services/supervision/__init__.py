"""Supervision: rounds of inspections by checklist, findings until they are mended, evidence."""
