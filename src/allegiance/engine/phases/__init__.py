"""The parts of a day, one file each; their order is data in ``engine/schedule.py``."""
