"""What may be wrong between this machine and a server: the checks of `cumulog doctor`."""
