"""An experiment's feed: what is logged to its open runs, in one partition, so that one query reads what is new of all.

    feed      a log call's points, and news of other changes, by slice, run and time     tracking/experiments/slices.py
    log       a run's own: what each moved slice held of it; from here on folding.py

A call is one put into the feed. A search reads the slices that are not closed and keeps the rest in memory; one run's
calls are the range of it in each slice that is not moved. The sweeper moves closed slices into the logs of the runs.
"""
