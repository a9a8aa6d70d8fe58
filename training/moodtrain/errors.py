"""What can go wrong in training, said to people."""


class MoodtrainError(Exception):
    """Say in one sentence what is wrong, where, and what to do."""


class DataError(MoodtrainError):
    """The data set cannot be used as it is."""


class CheckpointError(MoodtrainError):
    """A checkpoint or a model file cannot be used as it is."""


class GateError(MoodtrainError):
    """The exported model is not good enough to ship."""
