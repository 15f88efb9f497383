"""Properties must not fail because the machine is busy, nor leave anything behind."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, database=None)
settings.load_profile("steady")
