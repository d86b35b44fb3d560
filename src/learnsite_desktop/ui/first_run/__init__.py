"""What a folder without records shows: open the township's file, try out, or restore."""
