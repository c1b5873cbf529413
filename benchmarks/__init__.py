"""What `make bench` and `make bars` run: they print, and assert nothing about time."""
