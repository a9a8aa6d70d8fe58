"""Trained networks that tell a new one what they see in the very pictures it is shown (arXiv:2106.05237)."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint
from moodtrain.expression.networks import Network
from moodtrain.expression.picture import Picture


@dataclass(frozen=True)
class Teachers:
    """Networks whose mean opinion a new one learns; none at all is allowed."""

    models: tuple[Network, ...]

    @classmethod
    def load(cls, paths: str, device: torch.device, heads: tuple[str, ...], picture: Picture) -> "Teachers":
        """Load checkpoints from paths with commas between.

        Raises CheckpointError when one answers other questions than `heads`, or wants to see pixels in other numbers.
        """
        models = []
        for path in filter(None, paths.split(",")):
            model, wants = checkpoint.network(checkpoint.load(Path(path)))
            if model.heads != heads:
                raise CheckpointError(
                    f"{path} cannot teach this network: it answers {' and '.join(model.heads)}, "
                    f"not {' and '.join(heads)}; leave it out of --teachers"
                )
            if (wants.color, wants.mean, wants.std) != (picture.color, picture.mean, picture.std):
                raise CheckpointError(
                    f"{path} cannot teach this network: it sees {wants.color} with mean {wants.mean} and std "
                    f"{wants.std}; give the same with --color, --mean and --std, or leave it out of --teachers"
                )
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
            models.append(model.to(device))
        return cls(tuple(models))

    def __bool__(self) -> bool:
        """Return whether there is anybody to learn from."""
        return bool(self.models)

    @torch.no_grad()
    def __call__(self, faces: Tensor) -> Tensor:
        """Return N x heads x 7 probabilities, the mean over all teachers and over every face and its mirror image."""
        with torch.autocast(faces.device.type, torch.bfloat16):
            said = [model(view).float() for model in self.models for view in (faces, faces.flip(3))]
        opinions = [logits.view(len(faces), len(self.models[0].heads), -1).softmax(-1) for logits in said]
        return torch.stack(opinions).mean(0)
