"""Licensed motion as data sets that others read: LeRobot, MCAP, C3D, each with its papers."""
