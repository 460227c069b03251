"""`make bench`: measure, print one table, keep it as JSON."""

import json
import os
import platform
import sys
import time
import traceback
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
PARTS = ("static_stage", "large_skills", "rooms", "end_to_end", "serving")


def main() -> int:
    django.setup()
    from importlib import import_module

    from django.conf import settings

    from bench.rows import table

    asked = [word for word in os.environ.get("ONLY", "").split() if word in PARTS] or PARTS
    rows, failed = [], []
    for name in asked:
        print(f"measuring {name} …", flush=True)
        try:
            rows += import_module(f"bench.{name}").rows()
        except Exception:
            traceback.print_exc()
            failed.append(name)
    print("\n" + table(rows))
    if failed:
        print(f"\nCould not be measured: {', '.join(failed)}")
    target = Path(settings.DATA_DIR) / "bench.json"
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    measured = {"at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": machine, "rows": [row.as_dict() for row in rows]}
    target.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(f"\nLoad {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. All values: {target}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
