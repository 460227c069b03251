"""A pytest plugin for the second pass, on PostgreSQL: `-p tests.only_database` leaves out what touches no database."""

import pytest

DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if item.get_closest_marker("django_db") or DATABASE & set(item.fixturenames)]
    left_out = [item for item in items if item not in set(kept)]
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)
