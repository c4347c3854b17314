"""Lockstep's server. How it is built, what it promises and why it is as it is: README.md beside this file."""
