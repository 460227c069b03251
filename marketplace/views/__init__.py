"""HTML pages, one file a page family, mirrored by templates/marketplace/."""
