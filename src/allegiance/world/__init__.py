"""What there is on a day: soldiers, the units above them, chance, and how a case becomes a world."""
