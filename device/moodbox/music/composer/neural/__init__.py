"""The learned composer: a model file that describes itself, run token by token."""
