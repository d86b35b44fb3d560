"""Roll call 点名: all came, then the exceptions by row number."""
