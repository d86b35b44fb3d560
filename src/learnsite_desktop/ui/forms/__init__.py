"""Small forms that several screens use."""
