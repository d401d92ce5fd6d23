"""Addresses of the ceremony app. The list of laureates is in ``public_urls``, because every page links to it by a plain name."""

from django.urls import path

from ceremony.views import committee, desk, partner, public

app_name = "ceremony"
urlpatterns = [
    path("laureates/<str:code>/", public.laureate, name="laureate"),
    path("certificates/<str:number>/", public.certificate, name="certificate"),
    path("certificates/<str:number>/file/", desk.certificate_file, name="certificate_file"),
    path("rsvp/<str:token>/", public.rsvp, name="rsvp"),
    path("rsvp/<str:token>/calendar/", public.rsvp_calendar, name="rsvp_calendar"),
    path("committee/entries/<str:code>/", committee.entry, name="committee_entry"),
    path("committee/entries/<str:code>/recusal/", committee.recusal, name="committee_recusal"),
    path("partner/", partner.partner, name="partner"),
    path("partner/<str:code>/", partner.partner_entry, name="partner_entry"),
    path("partner/<str:code>/nomination/", partner.nomination, name="nomination"),
    path("offers/<str:code>/", desk.offer, name="offer"),
    path("offers/<str:code>/answer/", desk.offer_answer, name="offer_answer"),
]
