"""Columnar: the same campaign on columns, for more rows than records can hold; the same to the digit."""
