"""Widgets that know nothing of records and services: fields, lists, chips, previews."""
