"""Use cases: what command line and window both do, one module each."""
