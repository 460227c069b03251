"""Every address of the site."""

from django.urls import include, path

from marketplace.api.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("marketplace.api.v1.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("marketplace.urls")),
]

handler400 = "marketplace.views.answers.bad_request"
