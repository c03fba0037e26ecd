"""Oracle: an independent recount with plain fractions, written from what the rules' sentences say.

It knows the records a campaign is made of, and nothing of how they are computed.
"""

from oracle.arithmetic import root, rounded
from oracle.recount import Recount
from oracle.rules import meets

__all__ = ["Recount", "meets", "root", "rounded"]
