"""The admin as an app: ours stands in for Django's."""

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    default_site = "prize.admin_site.PrizeAdminSite"
