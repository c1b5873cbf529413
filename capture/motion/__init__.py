"""Motion of a worker who opted in: kept under one permission, of one person, on one unbroken track."""
