"""The steps of every job in order, and the thin Prefect flows around them.

`steps`, `collecting`, `report` and `settings` know no Prefect; `daily` is the flow.
"""
