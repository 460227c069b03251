"""The addresses of API v1."""

urlpatterns: list = []
