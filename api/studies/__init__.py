"""Where a study's folder and its reports meet: what `fairtakt study` and the plant server's pages share.

The modules that the command uses import nothing of the server.
"""
