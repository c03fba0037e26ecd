"""Ledger: what was reported, corrected, disputed, decided and published, kept so that nothing of it is ever lost."""
