"""Putting a stage into an AWS account, and taking it away again: `make deploy`, `make destroy`, `make admin-token`.

A deployment is one CloudFormation change set of one stack, `cumulog-<stage>`. The user sees its changes and can refuse
them before anything happens, and CloudFormation rolls back a failure. Tables and bucket outlive the stack. A later
change set finds them by their names and imports them, so destroying a stage and deploying it again loses nothing.
Every step may be killed at any point: the same command, run again, continues from what it finds.
"""
