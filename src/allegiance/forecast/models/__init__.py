"""Forecast models: each learns from windows that closed before its origin and says a probability for later rows."""
