"""Lint: rules that can be computed and yet are ill-formed, unfair or surprising."""
