"""Titles of charts: one sentence that says what a chart shows in this result, true of the numbers drawn.

Rules that all of them keep: a change below a readable size is "hardly changes", a difference whose interval holds zero
is no finding, what no war shows is told as such, and nothing is told of what a case does not model (it is not drawn).
What a chart shows whatever the result stands in its caption or alternative text.
"""
