"""The review, put together: its frame and the verbs that work on it."""

from __future__ import annotations

from followertui.ui.keymap import Keymap
from followertui.ui.screens.keeping import Keeping
from followertui.ui.screens.peeking import Peeking
from followertui.ui.screens.review.acting import Acting
from followertui.ui.screens.review.deciding import Deciding
from followertui.ui.screens.review.engaging import Engaging
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.from_x import FromX
from followertui.ui.screens.review.gestures import Gestures
from followertui.ui.screens.review.going import Going
from followertui.ui.screens.review.looking_back import LookingBack
from followertui.ui.screens.review.looking_up import LookingUp
from followertui.ui.screens.review.marking import Marking
from followertui.ui.screens.review.matches import Matches
from followertui.ui.screens.review.searching import Searching
from followertui.ui.screens.review.viewing import Viewing
from followertui.ui.screens.shelving import Shelving


def review_screen(keymap: Keymap, text: str = "", queue_id: str = "") -> ReviewScreen:
    """The screen followers and following are reviewed on.

    Args:
        keymap: keys in force.
        text: query to begin with instead of where the person was.
        queue_id: queue to begin with, "" for where the person was.

    Returns:
        A screen to push.
    """
    screen = ReviewScreen(keymap, text, queue_id)
    gestures = Gestures(screen)
    screen.verbs = (
        Deciding(screen, gestures),
        Matches(screen, gestures),
        LookingBack(screen, gestures),
        Marking(screen),
        Acting(screen, gestures),
        Engaging(screen, gestures),
        Shelving(screen),
        Going(screen),
        Viewing(screen),
        FromX(screen),
        Searching(screen),
        LookingUp(screen),
        Peeking(screen, lambda: screen.table.key),
        Keeping(screen),
    )
    return screen
