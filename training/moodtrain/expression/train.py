"""Train an expression network, the loop: settings.py says how, show.py shows the faces, run.py begins and keeps a run.

Every epoch draws its random numbers from (seed, epoch, device) alone, so a run that was killed and resumed is
the run that was not. `torchrun --nproc-per-node N -m moodtrain expression train` spreads it over N devices.
"""

import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from moodtrain.errors import MoodtrainError
from moodtrain.expression.run import Run, begin, plain, save
from moodtrain.expression.schedule import learning_rate, plateau
from moodtrain.expression.settings import RECIPES, Settings
from moodtrain.expression.show import Show, batches, number
from moodtrain.expression.targets import NOBODY, targets
from moodtrain.expression.truths import truth

__all__ = ("RECIPES", "Settings", "train")


def train(settings: Settings, *, resume: bool = False, until: int | None = None) -> Path:
    """Train to the end, or to epoch `until`, and return the path of the checkpoint."""
    run = begin(settings, resume=resume)
    say = run.fabric.print
    say(f"{len(run.training)} faces to learn from, {len(run.measured)} to measure on")
    for epoch in range(len(run.history) + 1, (until or settings.epochs) + 1):
        began = time.monotonic()
        row: dict[str, float] = {"epoch": epoch, "loss": one_epoch(run, epoch)}
        row |= measure(run)
        row["rate"] = run.optimizer.param_groups[0]["lr"]
        row["seconds"] = round(time.monotonic() - began, 1)
        run.history.append(run.fabric.broadcast(row))  # BatchNorm, and so the figures, differ a little between devices
        if run.fabric.is_global_zero:
            save(run)
        run.fabric.barrier()
        right = ", ".join(f"{head} {row[head]:.2%}" for head in run.heads)
        said = f"epoch {epoch}: loss {row['loss']:.4f}, PublicTest {right}, {row['seconds']:.0f} s"
        say(said, flush=True)  # at once, also into a log file
    path = Path(settings.out) / "checkpoint.pt"
    say(f"done: {path}")
    return path


def one_epoch(run: Run, epoch: int) -> float:
    """Show every face once and return the mean loss."""
    settings, fabric = run.settings, run.fabric
    images = torch.from_numpy(run.training.images)
    wanted = torch.from_numpy(targets(run.training, run.heads, settings.smoothing))
    fresh = number(settings.seed, epoch, fabric.global_rank)
    torch.manual_seed(fresh)  # dropout draws from torch's own generator
    show = Show(settings, epoch, fresh)
    total = torch.zeros((), device=fabric.device)
    run.model.train()
    for rows, rate in zip(_shown(run, epoch), rates(run, epoch), strict=True):
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        faces, answers = show(images[rows], wanted[rows].to(fabric.device), fabric.device)
        if run.teachers:
            answers = answers.lerp(run.teachers(faces), settings.trust)
        loss = surprise(run.model(faces), answers)
        run.optimizer.zero_grad(set_to_none=True)
        fabric.backward(loss)
        run.optimizer.step()
        run.ema.update_parameters(plain(run.model))
        total += loss.detach()
    mean = torch.as_tensor(fabric.all_reduce(total, reduce_op="mean")).item() / run.steps
    if not math.isfinite(mean):
        raise MoodtrainError(f"the loss of epoch {epoch} is no number any more; begin a new run with a lower --rate")
    return mean


def surprise(logits: Tensor, answers: Tensor) -> Tensor:
    """Return the mean cross-entropy of N x (heads x 7) logits against N x heads x 7 answers."""
    said = logits.float().view_as(answers).log_softmax(-1)
    return -(answers * said).sum(-1).mean()


def rates(run: Run, epoch: int) -> list[float]:
    """Return the learning rate of every step of one epoch."""
    settings = run.settings
    if settings.schedule == "plateau":
        return [plateau([row["labels"] for row in run.history], settings.rate)] * run.steps
    first, all_steps = (epoch - 1) * run.steps, settings.epochs * run.steps
    return [learning_rate(step, all_steps, settings.rate, settings.warmup) for step in range(first, first + run.steps)]


def _shown(run: Run, epoch: int) -> Iterator[Tensor]:
    """Return the batches of one epoch behind a bar with the time it still takes."""
    bar: Iterator[Tensor] = tqdm(
        batches(len(run.training), run.settings, epoch, run.fabric),
        total=run.steps,
        desc=f"epoch {epoch}/{run.settings.epochs}",
        disable=not run.fabric.is_global_zero,
        mininterval=5,
        leave=False,
    )
    return bar


@torch.inference_mode()
def measure(run: Run) -> dict[str, float]:
    """Return, for every head of the averaged network, the share of PublicTest faces on which it is right."""
    model, faces, picture = run.ema.module.eval(), run.measured, run.settings.picture()
    parts = [
        model(picture.prepared(faces.images[rows]).to(run.fabric.device)).cpu()
        for rows in np.array_split(np.arange(len(faces)), math.ceil(len(faces) / 256))
    ]
    answers = torch.cat(parts).view(len(faces), len(run.heads), -1).argmax(-1).numpy()
    return {head: _right(answers[:, n], truth(faces, head)) for n, head in enumerate(run.heads)}


def _right(answers: NDArray[np.int64], true: NDArray[np.int64]) -> float:
    return float((answers == true)[true != NOBODY].mean())
