"""What the use of motion costs, and whose money it is. Pure; amounts are whole minor units."""
