"""The marketplace app."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        from celery.signals import heartbeat_sent

        from marketplace import checks  # noqa: F401  registers itself
        from marketplace.api.health import worker_is_alive
        from marketplace.services.revetting import on_run_concluded
        from vetting.signals import run_concluded

        run_concluded.connect(on_run_concluded, dispatch_uid="marketplace.publication")
        heartbeat_sent.connect(worker_is_alive, weak=False, dispatch_uid="marketplace.health")
