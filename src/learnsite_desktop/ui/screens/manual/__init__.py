"""帮助 Help: one page per screen, from the program's own files."""
