"""催报: who has handed in, who is to be asked, and closing the month."""
