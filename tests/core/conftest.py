"""An app to work on, for the tests of the engine."""

import pytest

from core.app_folder import create_app_folder
from core.jobs import Job


@pytest.fixture
def app(tmp_path):
    return create_app_folder("Messages", tmp_path / "messages")


@pytest.fixture
def db(app):
    with app.database() as opened:
        yield opened


class ImpatientJob(Job):
    """A job whose analyst stops it after some reports."""

    def __init__(self, patience):
        super().__init__()
        self._patience = patience

    def report(self, *args):
        if self._patience == 0:
            self.cancel()
        self._patience -= 1
        super().report(*args)


@pytest.fixture
def impatient():
    return ImpatientJob
