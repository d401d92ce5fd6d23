"""How screening closes."""

from prize.calendar import Closing, closings
from prize.models import Stage
from screening import closing

closings.add(Stage.Kind.SCREENING)(Closing(closing.close, closing.ask_to_close))
