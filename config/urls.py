"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("marketplace.api.v1.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("marketplace.urls")),
]
