"""Settings of the whole suite."""

from __future__ import annotations

from django.conf import settings as django_settings
from hypothesis import settings

# The same examples in every run, however slow the machine.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")

# Django is configured once in a process.
django_settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF="tests.helpers.django_urls", SECRET_KEY="of the tests", LOGGING_CONFIG=None
)
