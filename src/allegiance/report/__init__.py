"""Result bundles, figures, narrative and HTML."""
