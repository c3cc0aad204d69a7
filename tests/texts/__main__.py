"""Records the texts: python -m tests.texts [group ...]. Read the difference before it is committed."""

from __future__ import annotations

import sys

from .groups import GROUPS
from .recorded import write

for name in sys.argv[1:] or GROUPS:
    write(name, GROUPS[name])
