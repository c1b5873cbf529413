"""The productivity method and its words. Pure: no files, no clock, no pictures."""
