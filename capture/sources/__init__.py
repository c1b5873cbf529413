"""Cameras and files behind one contract; a new camera type is a new file here."""
