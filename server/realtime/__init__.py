"""Fan-out: rooms hand a project's changes to the sessions that joined it. Knows no transport (api.socket) and writes nothing."""
