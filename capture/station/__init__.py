"""What a station file says: zones, tools, worker states and the rules that tell them apart."""
