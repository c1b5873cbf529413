"""The live wall: which station is recorded now, which is not, and why."""
