"""How a bundle travels: folder, removable drive, drop folder, numbered pictures."""
