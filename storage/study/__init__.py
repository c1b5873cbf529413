"""A study as a folder of readable files: YAML for what is decided, CSV for what is known."""
