"""The nouns and the pure rules of the board. Imports nothing of ours; knows no database, no socket, no clock."""
