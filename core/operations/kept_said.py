"""What a model said of each text of an evaluation, kept in a folder of its own."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.app_folder import AppFolder
from core.operations.written import Written, save_written
from core.storage.artifacts import written_aside

if TYPE_CHECKING:
    from core.learning.scored import Scored


@contextmanager
def kept_said(app: AppFolder, said: "Scored | Written") -> Iterator[str]:
    """Write what was said of each text, and yield the folder's name; it goes if the block fails."""
    from core.learning.scored import save_scored

    name = uuid.uuid4().hex
    with written_aside(app.evaluations / name) as aside:
        if isinstance(said, Written):
            save_written(said, aside)
        else:
            save_scored(said, aside)
    try:
        yield name
    except BaseException:
        shutil.rmtree(app.evaluations / name, ignore_errors=True)
        raise
