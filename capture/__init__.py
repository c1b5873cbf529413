"""The edge: sources, pose tracking, stations, state decoding, recorder."""
