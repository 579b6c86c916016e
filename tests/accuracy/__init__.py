"""Pages that the extractors were not written against: their truth is known, their making is seeded.

`python -m tests.accuracy` prints how often each field was read right, and every miss.
"""
