"""The one address that every page links to by its plain name."""

from django.urls import path

from ceremony.views import public

urlpatterns = [path("laureates/", public.laureates, name="laureates")]
