"""Words of the libraries whose pages we use, where our catalogues say them better than theirs: ours come first."""

from django.utils.translation import gettext_noop

OF_THE_OFFICE = (
    gettext_noop("Any date"),
    gettext_noop("All dates"),
    gettext_noop("Action:"),
    gettext_noop("Change history: %s"),
    gettext_noop("History"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Start typing to filter…"),
    gettext_noop("Save and add another"),
)
OF_ACCOUNTS = (
    gettext_noop("Remember Me"),
    gettext_noop("Email Addresses"),
    gettext_noop("The following email addresses are associated with your account:"),
    gettext_noop("Verified"),
    gettext_noop("Primary"),
    gettext_noop("Enter your password:"),
    gettext_noop("Authenticator secret"),
    gettext_noop("You can store this secret and use it to reinstall your authenticator app at a later time."),
)
