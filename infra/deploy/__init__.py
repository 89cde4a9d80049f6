"""Putting a stage into an AWS account, and taking it away again: `make deploy`, `make destroy`, `make admin-token`.

A deployment is one CloudFormation change set of one stack, `cumulog-<stage>`: what it would change is shown and may be
refused before anything happens, and CloudFormation rolls back what fails. Tables and bucket outlive the stack. A later
change set finds them by their names and imports them, so taking a stage away and putting it back loses nothing.
Every step may be killed at any point: the same command, run again, goes on from what it finds.
"""
