"""The ledger 台账: all sessions as a grid to read, narrow, correct and print."""
