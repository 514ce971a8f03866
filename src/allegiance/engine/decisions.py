"""Which decision a draw belongs to: one number each, so that no two decisions share a draw."""

from __future__ import annotations

MUSTER = 1
"""who a soldier is when he joins"""
CHOICE = 2
"""what a soldier does today, and whether a wounded or absent one returns"""
COMBAT = 3
"""who is killed or wounded"""
TRIGGER = 4
"""an incident brings a company together"""
JOIN = 5
"""who joins a mutiny"""
AFTERMATH = 6
"""what a mutineer does when it ends"""
SUPPRESS = 7
"""does a mutiny end today?"""
HALT = 8
"""does a commander halt his brigade?"""
PLOT = 9
"""is a coup attempted, and does it succeed?"""
BATTLE = 10
"""how a day of fighting looks"""
SETTLE = 11
"""do the sides agree today?"""
LADDER = 12
"""does a leader change the means of destruction?"""
UNIT = 13
"""what a company and its commander are like"""
REPLACE = 14
"""rounding of replacements to whole soldiers"""
REPRESENTED = 15
"""mutinies in companies that a sampled company stands for"""
