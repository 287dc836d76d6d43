"""Textwright's engine: everything the window can do, for Python and the command line.

Nothing here opens a connection: the libraries underneath are told so before any of them loads.
Window, command line and worker all import this file first; it is the one place.
"""

import os

SWITCHED_OFF = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "WANDB_MODE": "disabled",
    "DISABLE_MLFLOW_INTEGRATION": "TRUE",
}

os.environ.update(SWITCHED_OFF)
