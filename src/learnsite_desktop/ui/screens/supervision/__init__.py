"""Supervision: visits by checklist, what is to be mended, the evidence of a clause."""
