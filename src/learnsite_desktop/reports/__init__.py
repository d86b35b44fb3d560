"""Workbooks: plain tables in, .xlsx files out."""
