"""How the site is put together: settings, routes, the job queue and the web server's entry."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
