"""Sending down: what this unit issues for those below it, and what came from above."""
