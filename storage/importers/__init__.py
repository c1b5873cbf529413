"""Shop-floor data from elsewhere: one file per kind of source, one result for all of them."""
