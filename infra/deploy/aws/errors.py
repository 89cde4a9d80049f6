"""The two ways in which a command ends without doing what was asked."""


class DeployError(Exception):
    """The message tells the user why, and what to do. Each kind has an exit code."""

    exit_code: int


class Refused(DeployError):
    """What was asked for makes no sense, or nobody may ask for it here. Nothing was made."""

    exit_code = 2


class Failed(DeployError):
    """It was tried and failed, or the user said no. The message says what state things are in."""

    exit_code = 1
