"""Testing: Hypothesis strategies for campaigns and observations, for us and for importers."""
