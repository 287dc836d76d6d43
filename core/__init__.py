"""Textwright's engine: everything the window can do, for Python and the command line.

Nothing here opens a connection: the libraries underneath are told so before any of them loads.
"""

import os

os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    DO_NOT_TRACK="1",
)
