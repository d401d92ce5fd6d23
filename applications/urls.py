"""Addresses of the applications app."""

from django.urls import path

from applications.views import collaborators, entries, files, privacy, sections, submission

app_name = "applications"
urlpatterns = [
    path("entries/new/", entries.start, name="start"),
    path("entries/<str:code>/", entries.entry, name="entry"),
    path("entries/<str:code>/about/", entries.about, name="about"),
    path("entries/<str:code>/sections/<slug:key>/", sections.section, name="section"),
    path("entries/<str:code>/check/", submission.check, name="check"),
    path("entries/<str:code>/submission/", submission.submission, name="submission"),
    path("entries/<str:code>/receipts/<str:receipt>/", submission.receipt, name="receipt"),
    path("entries/<str:code>/withdrawal/", submission.withdrawal, name="withdrawal"),
    path("entries/<str:code>/reopening/", submission.reopening, name="reopening"),
    path("entries/<str:code>/collaborators/", collaborators.collaborators, name="collaborators"),
    path("entries/<str:code>/collaborators/<str:collaborator>/removal/", collaborators.removal, name="removal"),
    path("collaborations/<str:code>/", collaborators.invitation, name="invitation"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("files/<str:code>/", files.file, name="file"),
]
