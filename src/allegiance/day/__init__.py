"""The parts of a day, one verb a file; their order is data in ``schedule.py``."""
