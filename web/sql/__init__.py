"""One SELECT for a visitor, in a process of its own that has no file to write, no network and little time."""
