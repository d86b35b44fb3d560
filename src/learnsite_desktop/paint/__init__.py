"""Drawing with Qt, without windows: printed pages."""
