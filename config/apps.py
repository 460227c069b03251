"""Ties the job queue to every process that sets Django up; one that does not, starts without it."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Jobs that are defined with `shared_task` belong to this queue from here on.
        from config import celery  # noqa: F401
