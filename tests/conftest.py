import os

from hypothesis import settings

# No test asserts a wall time. CI tries the same examples each time; elsewhere new ones are looked for.
settings.register_profile("playground", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("playground")
