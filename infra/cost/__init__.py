"""What an installation costs a month: units that were measured, times a workload, times list prices.

    tests/perf/spending.py → measured.json   what calls, rounds of the sweeper and stored runs are, in units
    workload.py                              what happens in a month, and what nobody can measure here
    usage.py                                 both together: a month in units of each service
    bill.py, prices.json                     a month in dollars
    report.py                                the table of infra/docs/costs.md, between two marks

`make cost` measures anew; `python -m infra.cost` computes from what was measured last.
"""
