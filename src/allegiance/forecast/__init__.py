"""Statistical forecasts of coups and mutinies, backtested and dated."""
