"""From a board as any program knows it (pieces) to ours (assembly). Shared by all importers; not here: what a particular file looks like."""
