"""The session that seeing runs its models in: the one all models of the box share."""

from moodbox.bundle.session import open_session as open_session  # noqa: PLC0414 - said again so that mypy exports it
