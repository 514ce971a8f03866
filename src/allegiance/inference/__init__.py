"""Where belief and evidence argue: observation model, calibration, scores, nowcasts."""
