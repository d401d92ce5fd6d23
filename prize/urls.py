"""Every address. Each app's are mounted by name; a gate stands on every view."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from prize import access
from prize.views import archive, committee, desk, guide, look, method, public, system

urlpatterns = [
    path("", public.home, name="home"),
    path("call/", public.call, name="call"),
    path("method/", method.method, name="method"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:year>/", archive.archived_edition, name="archived_edition"),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:account>/entrance/", guide.entrance, name="entrance"),
    path("desk/", desk.desk, name="desk"),
    path("committee/", committee.committee, name="committee"),
    path("committee/motions/<str:code>/", committee.motion, name="motion"),
    path("committee/motions/<str:code>/vote/", committee.vote, name="vote"),
    path("committee/motions/<str:code>/resolution/", committee.resolution, name="resolution"),
    path("committee/meetings/<str:code>/", committee.meeting, name="meeting"),
    path("committee/meetings/<str:code>/reply/", committee.reply, name="meeting_reply"),
    path("committee/meetings/<str:code>/calendar/", committee.meeting_calendar, name="meeting_calendar"),
    path("healthz", system.healthz, name="healthz"),
    path("readyz", system.readyz, name="readyz"),
    path("prizes/<slug:slug>/colours.css", look.brand_sheet, name="brand_sheet"),
    path("prizes/<slug:slug>/logo.svg", look.logo, name="logo"),
    path("patterns/", system.patterns, name="patterns"),
    path("", include("applications.urls")),
    path("", include("screening.urls")),
    path("", include("judges.urls")),
    path("", include("ceremony.urls")),
    path("", include("ceremony.public_urls")),
    path("admin/", admin.site.urls),
    *access.declare(
        [path("accounts/", include("allauth.urls"))],
        "public: allauth guards its own pages, sign-up and log-in are open",
    ),
    *access.declare([path("language/", set_language, name="set_language")], "public: anybody may choose a language"),
]

handler400 = "prize.views.system.bad_request"
handler500 = "prize.views.system.server_error"
