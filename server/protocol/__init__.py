"""The wire: typed messages, their codec and close codes. Knows no socket and no database."""
