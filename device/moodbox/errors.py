"""Failures a person can read: one sentence with what is wrong, where, and what to do."""


class MoodboxError(Exception):
    """Base of every error of ours; `str()` is shown to the owner as it is."""


class SettingsError(MoodboxError, ValueError):
    """Report a settings file or command-line value that cannot be used."""


class CameraError(MoodboxError):
    """Report a camera, picture or video that gives no frames."""


class ModelError(MoodboxError):
    """Report a model file that is missing, broken or not what it should be."""


class MusicError(MoodboxError):
    """Report music that cannot be written, sounded or played."""


class PanelError(MoodboxError):
    """Report a button or light that cannot be reached."""


class PageError(MoodboxError):
    """Report a page that cannot be served."""


class StorageError(MoodboxError, OSError):
    """Report a file or folder that cannot be read or written."""


class CatalogueError(MoodboxError):
    """Report music that was asked for by a name the box has never met."""


class LinkError(MoodboxError):
    """Report a sign-in that cannot be begun or finished as asked."""
