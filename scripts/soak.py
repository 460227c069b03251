"""`make soak`: detonate N times in a row (N=1000) and show that nothing is left and that memory stayed flat."""

import os

from scripts import say
from scripts.bench import bench

if __name__ == "__main__":
    say.main(lambda: bench("bench.soak", os.environ.get("N", "1000")))
