"""Tries the rules of a station file on a short clip, in memory only, in a process without rights."""
