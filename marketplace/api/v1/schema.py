"""The schema of the API, as a document and as a page."""

from csp.decorators import csp_replace
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

# The page's script is a file of ours; Swagger UI writes style attributes and shows icons as data.
_DOCS_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}


class SchemaView(SpectacularJSONAPIView):
    """OpenAPI 3.1."""

    authentication_classes: list = []


@method_decorator(csp_replace(_DOCS_POLICY), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from files of this site."""

    authentication_classes: list = []
    url_name = "api-schema"
