"""The pages: one file a page family. A view parses, calls one selector or service, and answers."""
