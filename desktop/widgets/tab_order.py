"""Where the Tab key leads: as the parts stand, also those that were made later.

Qt's own order is that in which parts were made: a page that is made when it is first opened, and
rows that are made anew, would come after the footer.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def go_on(part: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next stop of a part, round and round; False where there is none."""
    order, focused = part.findChildren(QWidget), part.window().focusWidget()
    place = order.index(focused) if focused in order else -1
    others = order[place + 1 :] + order[: max(place, 0)]
    target = next((one for one in (others if forward else others[::-1]) if _is_stop(one)), None)
    if target is None:
        return False
    reasons = Qt.FocusReason
    target.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
    return True


def _is_stop(one: QWidget) -> bool:
    takes = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and one.focusProxy() is None
    return takes and one.isVisible() and one.isEnabled() and not one.isWindow()
