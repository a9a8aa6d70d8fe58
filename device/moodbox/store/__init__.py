"""The box's database."""

import logging

# Before anybody imports it: Alembic would tell every start which plugins it has.
logging.getLogger("alembic").setLevel(logging.WARNING)
