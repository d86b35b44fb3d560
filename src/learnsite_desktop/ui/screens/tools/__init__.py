"""Tools of the desks above, and screens that have no place in the list."""
