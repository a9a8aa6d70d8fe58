"""One training run: what it holds, how it begins or goes on, and how it is kept on disk."""

import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim.swa_utils import AveragedModel

from moodtrain.errors import CheckpointError, DataError, MoodtrainError
from moodtrain.expression import checkpoint, curve, events
from moodtrain.expression.data import Faces, read, with_a_face, without_leaks
from moodtrain.expression.networks import Network, create
from moodtrain.expression.settings import FREE, Settings, began_with
from moodtrain.expression.targets import NOBODY, majority
from moodtrain.expression.teachers import Teachers


@dataclass
class Run:
    """Everything one run holds, on one device."""

    settings: Settings
    fabric: Fabric
    training: Faces
    measured: Faces
    model: Any
    optimizer: Any
    ema: AveragedModel
    teachers: Teachers
    history: list[dict[str, float]]  # one row per epoch that is done
    plans: list[list[int]]  # [from epoch, epochs in all], one per --epochs this run was given

    @property
    def steps(self) -> int:
        """Return the steps of one epoch."""
        return len(self.training) // self.settings.batch

    @property
    def heads(self) -> tuple[str, ...]:
        """Return what the network answers."""
        return plain(self.model).heads


def plain(model: Any) -> Network:
    """Return the network without what Fabric wraps around it."""
    inner: Any = getattr(model, "module", model)
    network: Network = inner.module if isinstance(inner, nn.parallel.DistributedDataParallel) else inner
    return network


# Begin and go on


def begin(settings: Settings, *, resume: bool) -> Run:
    """Return a new run in an empty folder, or, to resume, the one that is in it."""
    saved = _saved(settings) if resume else None
    if not resume:
        _need_no_run(Path(settings.out))
    fabric = _fabric(settings)
    model, optimizer = build(settings)
    ema = averaged(model, settings.average)
    if saved:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.module.load_state_dict(saved["ema"])
        ema.n_averaged.fill_(saved["updates"])
    teachers = Teachers.load(settings.teachers, fabric.device, model.heads, settings.picture())
    training, measured = splits(settings, model.heads)
    if saved and saved["digest"] != training.digest():
        raise CheckpointError(
            f"the run in {settings.out} learnt from other faces than {settings.data} holds; give those"
        )
    Path(settings.out).mkdir(parents=True, exist_ok=True)
    ema.to(fabric.device)
    wrapped, stepped = fabric.setup(model, optimizer)
    history, plans = (list(saved["history"]), list(saved["plans"])) if saved else ([], [])
    if not plans or plans[-1][1] != settings.epochs:
        plans.append([len(history) + 1, settings.epochs])
    return Run(settings, fabric, training, measured, wrapped, stepped, ema, teachers, history, plans)


def _need_no_run(out: Path) -> None:
    if (out / "checkpoint.pt").exists():
        raise CheckpointError(f"{out} holds a run already; add --resume, or choose another folder with --out")


def _saved(settings: Settings) -> dict[str, Any]:
    """Return the saved run; refuse to go on with other settings than it began with."""
    saved = checkpoint.load(Path(settings.out) / "checkpoint.pt")
    before = began_with(saved["settings"])
    for key, value in asdict(settings).items():
        if key not in FREE and value != before[key]:
            raise CheckpointError(
                f"the run in {settings.out} began with --{key.replace('_', '-')} {before[key]}, not {value}; "
                "resume with the same"
            )
    return saved


def _fabric(settings: Settings) -> Fabric:
    """Return one device, or the share of them that torchrun gives this process."""
    if settings.threads:
        torch.set_num_threads(settings.threads)
    here, everywhere = int(os.environ.get("LOCAL_WORLD_SIZE", "1")), int(os.environ.get("WORLD_SIZE", "1"))
    precision: Any = settings.precision
    strategy = "ddp" if everywhere > 1 else "auto"
    fabric = Fabric(precision=precision, devices=here, num_nodes=everywhere // here, strategy=strategy)
    fabric.launch()
    return fabric


# Data


def splits(settings: Settings, answers: tuple[str, ...]) -> tuple[Faces, Faces]:
    """Return the faces to learn from and the faces to measure on."""
    faces = read(Path(settings.data), Path(settings.votes) if settings.votes else None)
    training, measured = faces.split("Training"), faces.split("PublicTest")
    training = with_a_face(without_leaks(training, measured) if settings.drop_leaks else training)
    if len(training) < settings.batch:
        raise MoodtrainError(f"--batch is {settings.batch}, but there are only {len(training)} faces; make it smaller")
    if "votes" in answers:
        _need_votes(settings, training, measured)
    return training, measured


def _need_votes(settings: Settings, *parts: Faces) -> None:
    instead = "or train --network seed, which learns from labels alone"
    for part in parts:
        if part.votes is None:
            raise DataError(
                f"{settings.data} comes without the FER+ votes {settings.network} learns from; "
                f"give fer2013new.csv with --votes, {instead}"
            )
        if (majority(part) == NOBODY).all():
            raise DataError(f"the voters agree on no face of {settings.data}; check the file of --votes, {instead}")


# Model


def build(settings: Settings) -> tuple[Network, torch.optim.Optimizer]:
    """Return the network and its optimiser; only weights of convolutions and of the last layer decay."""
    torch.manual_seed(settings.seed)
    model = create(settings.network, settings.picture(), settings.channels(), settings.dropout)
    if settings.init:
        _begin_from(Path(settings.init), model)
    # convolutions on a CPU are about twice as fast when the channels of a pixel lie side by side
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
    weights = [p for name, p in model.named_parameters() if p.ndim > 1 and name != "places"]
    others = [p for name, p in model.named_parameters() if p.ndim <= 1 or name == "places"]
    groups = [{"params": weights, "weight_decay": settings.decay}, {"params": others, "weight_decay": 0.0}]
    if settings.optimizer == "sgd":
        return model, torch.optim.SGD(groups, lr=settings.rate, momentum=0.9, nesterov=True)
    return model, torch.optim.AdamW(groups, lr=settings.rate)


def _begin_from(path: Path, model: nn.Module) -> None:
    """Take over the averaged weights of another run."""
    state = checkpoint.load(path)
    try:
        model.load_state_dict(state["ema"])
    except RuntimeError:
        was = began_with(state["settings"])
        raise CheckpointError(
            f"{path} holds other weights ({was['network']} at {was['size']} pixels, width {was['width']}) than this "
            "network has; give --network, --size and --width as it was trained, or leave --init out"
        ) from None


def averaged(model: nn.Module, decay: float) -> AveragedModel:
    """Return a moving average of the weights that follows fast at first, when they still change much."""

    @torch.no_grad()
    def follow(ema: Any, now: Any, updates: Any) -> None:
        keep = min(decay, (1 + int(updates)) / (10 + int(updates)))
        for old, new in zip(ema, now, strict=True):
            old.lerp_(new, 1 - keep) if old.is_floating_point() else old.copy_(new)

    return AveragedModel(model, multi_avg_fn=follow, use_buffers=True)


# Keep


def save(run: Run) -> None:
    """Write checkpoint, curve and TensorBoard's events; random numbers need no saving, see train.py."""
    out = Path(run.settings.out)
    state = {
        "settings": asdict(run.settings),
        "picture": asdict(run.settings.picture()),
        "channels": list(run.settings.channels()),
        "digest": run.training.digest(),
        "rows": len(run.training),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}",
        "model": plain(run.model).state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "ema": run.ema.module.state_dict(),
        "updates": int(run.ema.n_averaged),
        "history": run.history,
        "plans": run.plans,
    }
    checkpoint.save(state, out / "checkpoint.pt")
    curve.write(run.history, out)
    events.write(run.history, out)
