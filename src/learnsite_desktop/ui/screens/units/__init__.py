"""Units: the tree kept with dates, opening files, population, computers."""
