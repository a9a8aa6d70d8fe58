"""Train the composer: read the corpus, show it epoch by epoch, keep the run so that it can be stopped at any time.

Every epoch draws its random numbers from (seed, epoch) alone, so a run that was killed and resumed is the run that
was not.
"""

import math
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from moodtrain.composer import checkpoint, corpus, curve
from moodtrain.composer.batches import IGNORED, Batch, Scales, batches, parts
from moodtrain.composer.measure import shuffled, surprise
from moodtrain.composer.network import Composer
from moodtrain.composer.settings import FREE, Settings
from moodtrain.composer.vocabulary import WORDS
from moodtrain.errors import CheckpointError, DataError, MoodtrainError
from moodtrain.expression import events
from moodtrain.expression.schedule import learning_rate

_CLIP = 1.0  # largest norm of a gradient


@dataclass
class Run:
    """Everything one run holds."""

    settings: Settings
    device: torch.device
    pieces: corpus.Corpus
    scales: Scales
    model: Composer
    ema: AveragedModel
    optimizer: torch.optim.Optimizer
    history: list[dict[str, float]]  # one row per epoch that is done

    @property
    def steps(self) -> int:
        """Return the steps of one epoch."""
        return math.ceil(len(parts(self.pieces.split("train"), self.settings.length)) / self.settings.batch)


def train(settings: Settings, *, resume: bool = False, until: int | None = None) -> Path:
    """Train to the end, or to epoch `until`, and return the path of the checkpoint."""
    run = begin(settings, resume=resume)
    for sentence in run.pieces.broken:
        print(f"left out: {sentence}")
    for name, counted in corpus.counts(run.pieces).items():
        print(f"{name}: {counted['songs']} songs in {counted['pieces']} pieces, {counted['tokens']} tokens")
    for epoch in range(len(run.history) + 1, (until or settings.epochs) + 1):
        began = time.monotonic()
        row: dict[str, float] = {"epoch": epoch, "loss": one_epoch(run, epoch)}
        row |= measured(run)
        row["rate"] = run.optimizer.param_groups[0]["lr"]
        row["seconds"] = round(time.monotonic() - began, 1)
        run.history.append(row)
        save(run)
        said = f"epoch {epoch}: loss {row['loss']:.4f}, val {row['nats']:.4f} nats/token"
        print(f"{said} ({row['shuffled']:.4f} with shuffled conditions), {row['seconds']:.0f} s", flush=True)
    path = Path(settings.out) / "checkpoint.pt"
    print(f"done: {path}")
    return path


def begin(settings: Settings, *, resume: bool) -> Run:
    """Return a new run in an empty folder, or, to resume, the one that is in it."""
    out = Path(settings.out)
    saved = _saved(settings) if resume else None
    if saved is None and (out / "checkpoint.pt").exists():
        raise CheckpointError(f"{out} holds a run already; add --resume, or choose another folder with --out")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    pieces = corpus.read([Path(one) for one in settings.data.split(",") if one], out / "corpus.npz")
    if not pieces.split("train") or not pieces.split("val"):
        raise DataError(f"{settings.data} has too few songs to learn from and to measure on; give a larger folder")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Composer(settings.shape()).to(device)
    ema = AveragedModel(model, avg_fn=_follow(settings.average))
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=settings.decay)
    run = Run(settings, device, pieces, Scales.of(pieces.split("train")), model, ema, optimizer, [])
    if saved is not None:
        _restore(run, saved)
    return run


def one_epoch(run: Run, epoch: int) -> float:
    """Show every piece once and return the mean loss in nats per token."""
    settings, train_pieces = run.settings, run.pieces.split("train")
    dice = np.random.default_rng((settings.seed, epoch))
    torch.manual_seed(int(dice.integers(2**62)))  # dropout draws from torch's own generator
    first, last = (epoch - 1) * run.steps, settings.epochs * run.steps
    total, count = 0.0, 0
    run.model.train()
    shown = batches(train_pieces, run.scales, settings.batch, settings.length, dice)
    bar = tqdm(shown, total=run.steps, desc=f"epoch {epoch}/{settings.epochs}", mininterval=5, leave=False)
    for step, batch in enumerate(bar):
        for group in run.optimizer.param_groups:
            group["lr"] = learning_rate(first + step, last, settings.rate, settings.warmup)
        loss = _loss(run, batch, dice)
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # missing in torch's stubs
        torch.nn.utils.clip_grad_norm_(run.model.parameters(), _CLIP)
        run.optimizer.step()
        run.ema.update_parameters(run.model)
        weight = int((batch.wanted != IGNORED).sum())
        total, count = total + float(loss.detach()) * weight, count + weight
    if not math.isfinite(total):
        raise MoodtrainError(f"the loss of epoch {epoch} is no number any more; begin a new run with a lower --rate")
    return total / count


def measured(run: Run) -> dict[str, float]:
    """Return the averaged network's surprise on the val songs, with their own and with others' conditions."""
    model = cast(Composer, run.ema.module).cpu().eval()
    pieces = run.pieces.split("val")
    found = surprise(model, pieces, run.scales)
    found["shuffled"] = surprise(model, shuffled(pieces), run.scales)["nats"]
    run.ema.to(run.device)
    return found


def save(run: Run) -> None:
    """Keep the run: checkpoint first, then the curve and TensorBoard's events that are drawn from it."""
    out = Path(run.settings.out)
    state = {
        "kind": "composer",
        "settings": asdict(run.settings),
        "shape": asdict(run.settings.shape()),
        "words": list(WORDS),
        "mean": run.scales.mean.tolist(),
        "std": run.scales.std.tolist(),
        "digest": run.pieces.digest,
        "model": run.model.state_dict(),
        "ema": run.ema.module.state_dict(),
        "updates": int(run.ema.n_averaged),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}",
        "optimizer": run.optimizer.state_dict(),
        "history": run.history,
    }
    checkpoint.save(state, out / "checkpoint.pt")
    curve.write(run.history, out)
    events.write(run.history, out, "val")


def _saved(settings: Settings) -> dict[str, Any]:
    saved = checkpoint.load(Path(settings.out) / "checkpoint.pt")
    for key, value in asdict(settings).items():
        if key not in FREE and value != saved["settings"][key]:
            flag = "--" + key.replace("_", "-")
            raise CheckpointError(
                f"the run in {settings.out} began with {flag} {saved['settings'][key]}, not {value}; "
                "resume with the same"
            )
    return saved


def _restore(run: Run, saved: dict[str, Any]) -> None:
    if saved["digest"] != run.pieces.digest:
        raise CheckpointError(
            f"the run in {run.settings.out} learnt from other files than {run.settings.data} holds; give those"
        )
    run.model.load_state_dict(saved["model"])
    run.ema.module.load_state_dict(saved["ema"])
    run.ema.n_averaged.fill_(saved["updates"])
    run.optimizer.load_state_dict(saved["optimizer"])
    run.history = list(saved["history"])


def _loss(run: Run, batch: Batch, dice: np.random.Generator) -> Tensor:
    """Hide some conditions and blur the others, then ask for the next token."""
    rows = len(batch.tokens)
    noise = torch.from_numpy(dice.normal(0.0, run.settings.blur, (rows, 1, 4)).astype(np.float32))
    seen = torch.from_numpy((dice.random((rows, 1, 1)) >= run.settings.blind).astype(np.float32))
    conditions = (batch.conditions + noise) * seen
    logits, _ = run.model(batch.tokens.to(run.device), conditions.to(run.device))
    return cross_entropy(logits.flatten(0, 1).float(), batch.wanted.flatten().to(run.device), ignore_index=IGNORED)


def _follow(decay: float) -> Any:
    """Return a moving average that follows fast at first, when the weights still change much."""

    @torch.no_grad()
    def follow(ema: Tensor, now: Tensor, updates: Any) -> Tensor:
        keep = min(decay, (1 + int(updates)) / (10 + int(updates)))
        return ema * keep + now * (1 - keep)

    return follow
