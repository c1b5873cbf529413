"""Networks: weights catalogue, conversion, sessions, and the pose that each network converts into."""
