"""Scenarios: questions asked of a campaign that change nothing in it: what if, how far, how firm, what it would do."""
