"""Addresses of the judges app."""

from django.urls import path

from judges.views import desk, joining, results, sheets

app_name = "judges"
urlpatterns = [
    # The way in
    path("judging/invitations/<str:code>/", joining.invitation, name="invitation"),
    path("judging/invitations/<str:code>/answer/", joining.answer, name="answer"),
    path("judging/pledge/", joining.pledge, name="pledge"),
    path("judging/briefings/<str:code>/", joining.briefing, name="briefing"),
    path("judging/briefings/<str:code>/attendance/", joining.attendance, name="attendance"),
    path("judging/declaration/", joining.declaration, name="declaration"),
    # Reading and marking
    path("judging/", desk.entries, name="entries"),
    path("judging/sheets/<str:code>/", sheets.sheet, name="sheet"),
    path("judging/sheets/<str:code>/casting/", sheets.casting, name="casting"),
    path("judging/sheets/<str:code>/recusal/", sheets.recusal, name="recusal"),
    # Results, for the chair and the secretariat
    path("judging/<int:year>/<slug:slug>/", results.round, name="round"),
    path("judging/<int:year>/<slug:slug>/reminders/", results.reminders, name="reminders"),
    path("judging/<int:year>/<slug:slug>/<slug:category>/", results.tally, name="tally"),
]
