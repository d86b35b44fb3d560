"""Review 审核: one list of all that waits for a decision, and beside it what it is about."""
