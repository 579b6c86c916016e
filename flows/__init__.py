"""The steps of every job in order, and the thin Prefect flows around them.

`jobs` says which steps make a job; `daily`, `watch`, `recheck_flow`, `backfill_flow`, `rebuild_flow` and
`deliver_alerts` are the flows. They, `tasks`, `shown` and `workers` alone know Prefect.
"""
