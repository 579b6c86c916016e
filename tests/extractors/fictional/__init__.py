"""Fictional releases of ours and the forms in which the Ministry's pages would print them.

`invent(rng)` gives a release with its truth, `TEMPLATES[name](release, rng)` a page of it. Every choice
of form comes from the given `Random`, so a seed is a page.
"""

from tests.extractors.fictional.release import Fictional, invent
from tests.extractors.fictional.templates import TEMPLATES, Printed

__all__ = ["TEMPLATES", "Fictional", "Printed", "invent"]
