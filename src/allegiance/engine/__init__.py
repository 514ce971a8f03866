"""Plays a case out, day by day, soldier by soldier."""
