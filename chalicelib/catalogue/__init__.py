"""The model catalogue: every model folder in the bucket, whoever put it there, with what its MLmodel file says.

    events ──┐                          S3 → EventBridge: a hint that a folder changed
    rescan ──┼─ entries ── folders      what the bucket holds now → an entry and its listing rows
             │     └────── manifest     MLmodel text from strangers → plain data, or a reason
    routes ──┴─ search                  listing rows → entries → a page

An event is only a hint, delivered at least once, in any order, or never: whatever it says, the folder is read anew and
the entry written on condition that nobody wrote it since before that reading. So the last writer has seen the last
state of the bucket, and any multiset of events in any order, with a rescan for the lost ones, gives one catalogue.
"""
