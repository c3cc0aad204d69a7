"""The options that people write: read, checked and explained.

A reading function takes the value as it was written, notes every mistake in a ``Problems`` and returns the form that a
policy keeps. So all mistakes are reported at once. ``values`` reads lists, flags and numbers, ``origins`` the origins,
``methods_and_headers`` the names. ``origin_patterns`` parses one origin or pattern, and ``origin_hints`` guesses what
to write instead of one that is wrong; every guess is parsed again before it is shown.
"""
