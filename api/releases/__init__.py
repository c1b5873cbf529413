"""Released tables: made from the plant's data, checked against all earlier ones, said to the log, shown.

* `wire`: what is asked for and told.  * `periods`, `plan`, `data`: from the plant's records to a table.
* `making`: what of it may be shown.  * `form`: how it is kept, and the document that is shown.
* `archive`: what stands, by the log.  * `publishing`: prepare, say, show.  * `view`: the page's table.
"""
