"""Django's English is American; ours is British, with the clock of a timetable."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y, H:i"
