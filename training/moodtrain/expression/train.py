"""Train an expression network, top to bottom: settings, data, model, loop, evaluation, save.

Every epoch draws its random numbers from (seed, epoch, device) alone, so a run that was killed and resumed is
the run that was not. `torchrun --nproc-per-node N -m moodtrain expression train` spreads it over N devices.
"""

import math
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from lightning_fabric import Fabric
from torch import Generator, Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from moodtrain.errors import CheckpointError, MoodtrainError
from moodtrain.expression import checkpoint, curve
from moodtrain.expression.augment import augment
from moodtrain.expression.data import LABELS, Faces, read, without_leaks
from moodtrain.expression.networks import SEED_CHANNELS, Seed
from moodtrain.expression.picture import Picture

# Settings


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"help": says})


@dataclass(frozen=True)
class Settings:
    """One training run; the defaults are the shipped model's recipe (docs/training.md says where its run differed)."""

    data: str = _setting("", "folder of packed FER2013, or fer2013.csv")
    out: str = _setting("runs/expression", "folder for checkpoint and curve")
    epochs: int = _setting(26, "times every face is seen")
    batch: int = _setting(128, "faces per step, over all devices")
    rate: float = _setting(1.5e-3, "highest learning rate; AdamW, warmed up and then a cosine down to nothing")
    warmup: float = _setting(0.05, "share of all steps in which the learning rate rises")
    decay: float = _setting(0.05, "weight decay of AdamW")
    smoothing: float = _setting(0.1, "label smoothing: FER2013's labels are wrong in about one row of three")
    average: float = _setting(0.999, "decay of the moving average of the weights, which is what is shipped")
    dropout: float = _setting(0.5, "share of features dropped before the last layer")
    size: int = _setting(48, "side of the input in pixels, 32 or more")
    color: str = _setting("gray", "gray or rgb")
    width: int = _setting(SEED_CHANNELS[0], "channels of the first block; each next block has twice as many")
    seed: int = _setting(1, "seed of every random number")
    precision: str = _setting("bf16-mixed", "bf16-mixed or 32-true")
    threads: int = _setting(0, "CPU threads; 0 leaves the choice to torch")
    drop_leaks: bool = _setting(True, "drop Training pictures that are also in PublicTest")

    def __post_init__(self) -> None:
        """Refuse values that cannot train anything."""
        least = {"epochs": 1, "batch": 2, "width": 1, "size": 32, "threads": 0, "seed": 0}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give {low} or more")
        for name, allowed in {"color": ("gray", "rgb"), "precision": ("bf16-mixed", "32-true")}.items():
            if getattr(self, name) not in allowed:
                raise MoodtrainError(f"--{name} is {getattr(self, name)!r}; choose one of {', '.join(allowed)}")

    def channels(self) -> tuple[int, ...]:
        """Return the channels of the five blocks."""
        return tuple(self.width << block for block in range(len(SEED_CHANNELS)))

    def picture(self) -> Picture:
        """Return what the network will see."""
        return Picture(self.size, self.color)


# These say where, how fast and how long a run goes: a resumed run may change them. Another --epochs bends the learning
# rate from there on; checkpoint and model remember it as a plan of its own.
FREE = frozenset({"data", "out", "threads", "epochs"})


# Data


def splits(settings: Settings) -> tuple[Faces, Faces]:
    """Return the faces to learn from and the faces to measure on."""
    faces = read(Path(settings.data))
    training, measured = faces.split("Training"), faces.split("PublicTest")
    training = without_leaks(training, measured) if settings.drop_leaks else training
    if len(training) < settings.batch:
        raise MoodtrainError(f"--batch is {settings.batch}, but there are only {len(training)} faces; make it smaller")
    return training, measured


def batches(count: int, settings: Settings, epoch: int, fabric: Fabric) -> Iterator[Tensor]:
    """Yield this device's row numbers for every step of one epoch; the last, incomplete step is left out."""
    order = torch.randperm(count, generator=Generator().manual_seed(_number(settings.seed, epoch)))
    steps = count // settings.batch
    for step in order[: steps * settings.batch].view(steps, settings.batch):
        yield step[fabric.global_rank :: fabric.world_size]


def _number(*parts: int) -> int:
    """Return one seed for several numbers."""
    return int(np.random.SeedSequence(parts).generate_state(1)[0])


# Model


def build(settings: Settings) -> tuple[nn.Module, torch.optim.AdamW]:
    """Return the network and its optimiser; only weights of convolutions and of the last layer decay."""
    torch.manual_seed(settings.seed)
    model = Seed(settings.picture().channels, len(LABELS), settings.channels(), settings.dropout)
    # convolutions on a CPU are about twice as fast when the channels of a pixel lie side by side
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stubs
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": weights, "weight_decay": settings.decay}, {"params": others, "weight_decay": 0.0}]
    return model, torch.optim.AdamW(groups, lr=settings.rate)


def averaged(model: nn.Module, decay: float) -> AveragedModel:
    """Return a moving average of the weights that follows fast at first, when they still change much."""

    @torch.no_grad()
    def follow(ema: Any, now: Any, updates: Any) -> None:
        keep = min(decay, (1 + int(updates)) / (10 + int(updates)))
        for old, new in zip(ema, now, strict=True):
            old.lerp_(new, 1 - keep) if old.is_floating_point() else old.copy_(new)

    return AveragedModel(model, multi_avg_fn=follow, use_buffers=True)


def learning_rate(step: int, steps: int, settings: Settings) -> float:
    """Return the learning rate of one step: a straight rise, then half a cosine."""
    rise = max(1, round(settings.warmup * steps))
    if step < rise:
        return settings.rate * (step + 1) / rise
    return settings.rate * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


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
    history: list[dict[str, float]]  # one row per epoch that is done
    plans: list[list[int]]  # [from epoch, epochs in all], one per --epochs this run was given

    @property
    def steps(self) -> int:
        """Return the steps of one epoch."""
        return len(self.training) // self.settings.batch


# Loop


def train(settings: Settings, *, resume: bool = False, until: int | None = None) -> Path:
    """Train to the end, or to epoch `until`, and return the path of the checkpoint."""
    out = Path(settings.out)
    saved = _begin(settings, out, resume=resume)
    run = _run(settings, saved)
    run.fabric.print(f"{len(run.training)} faces to learn from, {len(run.measured)} to measure on")
    for epoch in range(len(run.history) + 1, (until or settings.epochs) + 1):
        began = time.monotonic()
        row: dict[str, float] = {"epoch": epoch, "loss": one_epoch(run, epoch)}
        row["PublicTest"] = evaluate(run)
        row["rate"] = run.optimizer.param_groups[0]["lr"]
        row["seconds"] = round(time.monotonic() - began, 1)
        run.history.append(row)
        if run.fabric.is_global_zero:
            save(run, out)
        run.fabric.barrier()
        said = "epoch {epoch}: loss {loss:.4f}, PublicTest {PublicTest:.2%}, {seconds:.0f} s"
        run.fabric.print(said.format(**row), flush=True)  # at once, also into a log file
    run.fabric.print(f"done: {out / 'checkpoint.pt'}")
    return out / "checkpoint.pt"


def one_epoch(run: Run, epoch: int) -> float:
    """Show every face once and return the mean loss."""
    settings, fabric, picture = run.settings, run.fabric, run.settings.picture()
    images, labels = torch.from_numpy(run.training.images), torch.from_numpy(run.training.labels)
    fresh = _number(settings.seed, epoch, fabric.global_rank)
    torch.manual_seed(fresh)  # dropout draws from torch's own generator
    dice = Generator().manual_seed(fresh)
    total = torch.zeros((), device=fabric.device)
    run.model.train()
    for step, rows in enumerate(_shown(run, epoch), start=(epoch - 1) * run.steps):
        for group in run.optimizer.param_groups:
            group["lr"] = learning_rate(step, settings.epochs * run.steps, settings)
        pixels = augment(picture.scaled(images[rows]).to(fabric.device), dice)
        faces = picture.normalised(pixels).contiguous(memory_format=torch.channels_last)
        loss = F.cross_entropy(run.model(faces), labels[rows].to(fabric.device), label_smoothing=settings.smoothing)
        run.optimizer.zero_grad(set_to_none=True)
        fabric.backward(loss)
        run.optimizer.step()
        run.ema.update_parameters(plain(run.model))
        total += loss.detach()
    mean = torch.as_tensor(fabric.all_reduce(total, reduce_op="mean")).item() / run.steps
    if not math.isfinite(mean):
        raise MoodtrainError(f"the loss of epoch {epoch} is no number any more; begin a new run with a lower --rate")
    return mean


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


def plain(model: Any) -> nn.Module:
    """Return the network without what Fabric wraps around it."""
    inner: nn.Module = getattr(model, "module", model)
    return getattr(inner, "module", inner) if isinstance(inner, nn.parallel.DistributedDataParallel) else inner


# Evaluation


@torch.inference_mode()
def evaluate(run: Run) -> float:
    """Return the share of PublicTest on which the averaged network's strongest class is the label."""
    model, faces, picture = run.ema.module.eval(), run.measured, run.settings.picture()
    right = 0
    for rows in np.array_split(np.arange(len(faces)), math.ceil(len(faces) / 256)):
        logits = model(picture.prepared(faces.images[rows]).to(run.fabric.device))
        right += int((logits.argmax(1).cpu().numpy() == faces.labels[rows]).sum())
    return right / len(faces)


# Save and resume


def save(run: Run, out: Path) -> None:
    """Write checkpoint and curve; random numbers need no saving, see the top."""
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


def _begin(settings: Settings, out: Path, *, resume: bool) -> dict[str, Any] | None:
    """Refuse to mix two runs: a new one needs a new folder, a resumed one the settings it began with."""
    if not resume:
        if (out / "checkpoint.pt").exists():
            raise CheckpointError(f"{out} holds a run already; add --resume, or choose another folder with --out")
        out.mkdir(parents=True, exist_ok=True)
        return None
    saved = checkpoint.load(out / "checkpoint.pt")
    for key, value in asdict(settings).items():
        before = saved["settings"].get(key)
        if key not in FREE and value != before:
            flag = key.replace("_", "-")
            raise CheckpointError(f"the run in {out} began with --{flag} {before}, not {value}; resume with the same")
    return saved


def _run(settings: Settings, saved: dict[str, Any] | None) -> Run:
    fabric = _fabric(settings)
    training, measured = splits(settings)
    if saved and saved["digest"] != training.digest():
        raise CheckpointError(
            f"the run in {settings.out} learnt from other faces than {settings.data} holds; give those"
        )
    model, optimizer = build(settings)
    ema = averaged(model, settings.average)
    if saved:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        ema.module.load_state_dict(saved["ema"])
        ema.n_averaged.fill_(saved["updates"])
    ema.to(fabric.device)
    wrapped, stepped = fabric.setup(model, optimizer)
    history, plans = (list(saved["history"]), list(saved["plans"])) if saved else ([], [])
    if not plans or plans[-1][1] != settings.epochs:
        plans.append([len(history) + 1, settings.epochs])
    return Run(settings, fabric, training, measured, wrapped, stepped, ema, history, plans)


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
