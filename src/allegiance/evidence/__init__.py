"""What happened: events, observations, sources and published estimates."""
