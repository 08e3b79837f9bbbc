"""For all tests: command lines run our own rules only and keep nothing, unless a test is about engines or the cache.

Each engine costs seconds to import, and tests that share a cache are no tests. The variables are the public ones;
they also reach processes that tests start.
"""

import os

os.environ["TIERLENS_ENGINE"] = "tierlens"
os.environ["TIERLENS_NO_CACHE"] = "1"
