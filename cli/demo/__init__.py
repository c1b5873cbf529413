"""The demonstration plant: `fairtakt serve --demo`. What is in it was generated, and nobody was observed."""
