"""A stand-in for Spotify: a real HTTP server with state, for newcomers without an account and for the tests."""
