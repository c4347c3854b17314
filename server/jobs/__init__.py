"""Work that nobody waits for. A job may be lost, doubled or late: what is due stands in PostgreSQL."""
