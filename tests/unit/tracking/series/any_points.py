"""Points of one metric for property tests: any order, equal steps and times, repeats, spikes, NaN and infinities."""

from hypothesis import strategies as st

from chalicelib.tracking.series.points import Point

INT64 = st.integers(-(2**63), 2**63 - 1)
PLACES = st.integers(-5, 300) | INT64
TIMES = st.integers(0, 300) | st.integers(0, 2**63 - 1)

some_points = st.lists(
    st.builds(Point, key=st.just("loss"), value=st.floats(), timestamp=TIMES, step=PLACES), min_size=1, max_size=150
)
axes = st.sampled_from(["step", "time"])
