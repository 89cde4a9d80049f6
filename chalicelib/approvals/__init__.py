"""Approvals: stage policies, the transition requests that they require, and the state machine that drives requests."""
