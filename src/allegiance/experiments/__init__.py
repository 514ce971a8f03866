"""Contrasts that share their luck: claims, comparisons, attribution, sensitivity."""
