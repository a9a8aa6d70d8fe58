"""Alembic's folder: `env.py` runs the steps, `script.py.mako` is the form of a new one."""
