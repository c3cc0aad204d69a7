"""The suites of Flask, Werkzeug, WebTest and Bottle, with the wrapper around every application in them. On request."""
