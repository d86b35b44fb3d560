"""Inbox 收件: files that have come, what they bring, the journal, what does not count."""
