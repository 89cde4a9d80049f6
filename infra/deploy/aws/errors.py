"""The two ways in which a command can fail."""


class DeployError(Exception):
    """The message says why, and what to do. Each kind has an exit code."""

    exit_code: int


class Refused(DeployError):
    """The input is wrong, or the command is not possible here. Nothing was changed."""

    exit_code = 2


class Failed(DeployError):
    """The command failed on its way, or the user said no. The message says what state things are in."""

    exit_code = 1
