"""The charts of a recording, each a function from plain values to an Altair chart."""
