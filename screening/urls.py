"""Addresses of the screening app. What officers use hangs in the admin."""

from django.urls import path

from screening import views

app_name = "screening"
urlpatterns = [
    # /clarifications/<code>/
    path("clarifications/<str:code>/", views.clarification, name="clarification"),
    path("clarifications/<str:code>/answer/", views.answer, name="answer"),
]
