"""Stations are set up: their files are drawn, written, checked, tried on a clip, and published."""
