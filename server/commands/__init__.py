"""The verbs: what each command reads, checks and writes, and the executor that commits them. Knows no socket and no HTTP."""
