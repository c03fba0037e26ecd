"""Report: boards, reasons and rules in words, tables and pages."""
