"""Run by Alembic: takes the connection that `moodbox.store.schema` hands over, inside its transaction."""

from alembic import context

from moodbox.store.tables import Base

# Batch mode: SQLite changes a column by making the table anew.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
