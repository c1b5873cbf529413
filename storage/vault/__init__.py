"""Where workers' keys and sealed motion lie: a key file, an external key store, a directory of segments."""
