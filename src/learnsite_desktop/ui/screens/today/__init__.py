"""今日: what is to be done today, in the order in which it wants to be done."""
