"""Numbers as the system writes them."""

import pytest
from PySide6.QtCore import QLocale

from core.wording import NumberStyle
from desktop.widgets.wording import number_style


@pytest.fixture
def system():
    """Let the system be one of another language until the test ends."""
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("name", "group", "point"),
    [
        ("C", ",", "."),  # the bare "C" groups no digits
        ("en_US", ",", "."),
        ("de_DE", ".", ","),
        ("fr_FR", "\u202f", ","),
        ("ar_EG", ",", "."),  # our digits stay 0 to 9, and its signs would not fit them
    ],
)
def test_numbers_are_written_as_the_system_does_it(system, name, group, point):
    system(name)
    assert number_style() == NumberStyle(group, point)
