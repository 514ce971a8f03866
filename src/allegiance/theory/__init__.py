"""Causal mechanisms: one file per cause, a contract and a registry."""
