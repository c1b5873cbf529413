"""Shop-floor data from elsewhere: one file per kind of source, one result for all of them."""

import os

# openpyxl reads with lxml wherever it happens to be installed, and then defusedxml guards nothing. One
# parser, the guarded one, on every machine: this must stand there before openpyxl is first imported.
os.environ["OPENPYXL_LXML"] = "False"
