"""Words of the standard that the server's side and the browser's side share: names, tokens, origins.

Imports nothing of ours.

Everything else of the protocol exists twice, once on each side, so that one side checks the other.
"""
