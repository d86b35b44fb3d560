"""The command line: a twin of the window over the same services."""
