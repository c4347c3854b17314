"""The doors: REST and the socket. They decode and check what comes in, hand it on, and map what comes out."""
