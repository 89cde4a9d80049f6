"""Why a run is not run again."""

from cumulog._http.errors import CumulogError


class NotReproducible(CumulogError):
    """What is needed to run a run again is not known, or not to be had. Nothing was started."""
