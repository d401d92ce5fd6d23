"""Korean days as Django writes them, with the clock of a timetable."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y년 n월 j일 H:i"
