"""Evidence 佐证: a tray for the photos of each session."""
