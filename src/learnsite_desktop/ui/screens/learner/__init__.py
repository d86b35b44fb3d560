"""One learner: the card, and the editor."""
