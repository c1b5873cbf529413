"""`fairtakt study`: the productivity method on a folder of readable files; needs no camera."""
