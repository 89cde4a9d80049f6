"""What an installation costs a month: measured units, times a workload, times list prices.

    tests/perf/spending.py → measured.json   calls, rounds of the sweeper and stored runs, in units
    workload.py                              what happens in a month, and assumptions that cannot be measured here
    usage.py                                 both together: a month in units of each service
    bill.py, prices.json                     a month in dollars
    report.py                                the table of infra/docs/costs.md, between two marks

`make cost` measures again; `python -m infra.cost` computes from the last measurement.
"""
