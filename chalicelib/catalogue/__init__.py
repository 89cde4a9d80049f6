"""The model catalogue: every model folder in the bucket, from any writer, with the content of its MLmodel file.

    events ──┐                          S3 → EventBridge: a hint that a folder changed
    rescan ──┼─ entries ── folders      what the bucket holds now → an entry and its listing rows
             │     └────── manifest     untrusted MLmodel text → plain data, or a reason
    routes ──┴─ search                  listing rows → entries → a page

An event is only a hint: it may arrive once, several times, out of order, or never. Every event makes us read the folder
again and write the entry on condition that nobody has written it since before that read. So the last writer has seen
the last state of the bucket, and any set of events, in any order and with repeats, gives the same catalogue; a rescan
makes up for lost ones.
"""
