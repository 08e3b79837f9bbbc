"""Results of earlier runs, kept in the user's cache folder: what did not change is not analysed again.

An entry holds what a run gave and all that it looked at. It is used only when its key (the request, the day, the
code that runs, the environment) is the same and looking again sees the same everywhere: ``validator.files``.
"""

from validator.cache.folder import BOUND, VARIABLE, CacheFolder, open_folder, usual_place
from validator.cache.key import Unkeyable, key_of
from validator.cache.runs import KeptRun, kept_run

__all__ = [
    "BOUND",
    "VARIABLE",
    "CacheFolder",
    "KeptRun",
    "Unkeyable",
    "kept_run",
    "key_of",
    "open_folder",
    "usual_place",
]
