"""Drafts: a case for any army on any day, by rule, from public tables.

`drafting.draft_case` asks the *readings* (one file per group of inputs, `registry.READINGS`), each of which sees only
what was known on the day (`panel`, `about`), and puts what they find together (`assemble`).
"""
