"""Approvals: a stage's policy, the transition requests that it asks for, and the state machine that drives them."""
