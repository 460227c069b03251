"""The job queue. Celery only wakes a worker: the rows in vetting.Run are the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("assay")
app.config_from_object("django.conf:settings", namespace="CELERY")
# "jobs" and not "tasks": a task is an exam in this project's words.
app.autodiscover_tasks(related_name="jobs")
