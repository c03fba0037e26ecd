"""Columnar: the same campaign on columns, for more rows than records can hold; equal to the exact engine to the digit."""
