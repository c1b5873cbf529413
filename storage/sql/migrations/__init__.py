"""Each change of the tables as a step; steps that were released never change."""
