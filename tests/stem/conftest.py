"""Conftest: how hard Hypothesis tries; ``EMULATION_THOROUGH=1`` makes it try a hundred times harder.

Laws over whole contests, which take long to draw, are tried on fewer of them.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=QUIET, database=None)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=5000)
settings.load_profile("thorough" if os.environ.get("EMULATION_THOROUGH") == "1" else "quick")
