"""Times training steps of PyTorch's twins of configs/mnist/{vae,realnvp-flat,realnvp}.yaml.

    python3 torch-steps.py [cuda | cpu]

The same architectures, losses and update (Adam, fused), on made-up pixels; noise is drawn on the device. Each in three forms: eager,
by torch.compile, and its whole step in a CUDA graph. Numbers of parameters are those of `check-device`'s table.
"""

import math
import statistics
import sys
import time

import torch
from torch import nn

BOUND = 2.0


def bounded(raw):
    return BOUND * torch.tanh(raw / BOUND)


def logits(pixels, noise, alpha):
    """Dequantised pixels in logit space, and the sum of the map's log-derivatives."""
    v = (pixels + noise) / 256
    p = torch.log(alpha + (1 - 2 * alpha) * v)
    q = torch.log(alpha + (1 - 2 * alpha) * (1 - v))
    return p - q, -(p + q).sum() + pixels.numel() * (math.log(1 - 2 * alpha) - math.log(256))


class Vae(nn.Module):
    name, batch, size = "mnist-vae", 100, 784

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(784, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh(), nn.Linear(200, 100))
        self.decoder = nn.Sequential(
            nn.Linear(50, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh(), nn.Linear(200, 784))

    def noise(self, device):
        return torch.rand(self.batch, 784, device=device), torch.randn(self.batch, 50, device=device)

    def forward(self, pixels, uniform, normal):
        x = (uniform < pixels / 255).float()
        mean, log_variance = self.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * normal
        reconstruction = nn.functional.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        kl = 0.5 * (mean * mean + torch.exp(log_variance) - log_variance - 1).sum()
        return (reconstruction + kl) / self.batch


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        shape = (1, 784)
        self.register_buffer("shift", torch.zeros(shape))
        self.register_buffer("log_scale", torch.zeros(shape))

    def noise(self, device):
        return (torch.rand(self.batch, 784, device=device),)

    def standard(self, pixels, noise):
        z, total = logits(pixels, noise, self.alpha)
        z = (z - self.shift) * torch.exp(-self.log_scale)
        return z, total - self.log_scale.sum() * self.batch

    def loss(self, latents, total):
        for z in latents:
            total = total - 0.5 * (z * z).sum()
        return -total / self.batch + 784 * 0.5 * math.log(2 * math.pi)


class FlatFlow(Flow):
    name, batch, alpha, size = "mnist-realnvp-flat", 100, 1e-6, 784

    def __init__(self):
        super().__init__()
        self.networks = nn.ModuleList(
            nn.Sequential(nn.Linear(392, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 784))
            for _ in range(6))
        self.scales = nn.ParameterList(torch.zeros(392) for _ in range(6))

    def forward(self, pixels, noise):
        z, total = self.standard(pixels, noise)
        halves = [z[:, 0::2].contiguous(), z[:, 1::2].contiguous()]
        for i, (network, scale) in enumerate(zip(self.networks, self.scales)):
            moved, seen = i % 2, 1 - i % 2
            shift, raw = network(halves[seen]).chunk(2, 1)
            log_scale, own = bounded(raw), bounded(scale)
            halves[moved] = shift + torch.exp(log_scale) * halves[moved]
            halves[seen] = halves[seen] * torch.exp(own)
            total = total + log_scale.sum() + own.sum() * self.batch
        return self.loss(halves, total)


class Residual(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.ModuleList((nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 1))) for _ in range(2))
        self.output = nn.Conv2d(width, 2 * channels, 3, padding=1)

    def forward(self, x):
        x = self.first(x)
        for conv, point in self.blocks:
            x = x + point(torch.relu(conv(torch.relu(x))))
        return self.output(torch.relu(x))


class MultiscaleFlow(Flow):
    name, batch, alpha, size = "mnist-realnvp", 64, 1e-5, 784

    def __init__(self):
        super().__init__()
        self.register_buffer("even", (torch.arange(28)[:, None] + torch.arange(28)).remainder(2).eq(0).float())
        shapes = [(1, 24, 28), (2, 48, 14), (4, 64, 7)]
        self.networks = nn.ModuleList(
            nn.ModuleList(Residual(channels, width) for _ in range(4)) for channels, width, _ in shapes)
        self.scales = nn.ModuleList(
            nn.ParameterList(torch.zeros(size, size // 2) if i == 0 else torch.zeros(channels, size, size) for _ in range(4))
            for i, (channels, _, size) in enumerate(shapes))

    def channels(self, scale, z, total):
        halves = list(z.chunk(2, 1))
        for i in range(4):
            moved, seen = i % 2, 1 - i % 2
            shift, raw = self.networks[scale][i](halves[seen]).chunk(2, 1)
            log_scale, own = bounded(raw), bounded(self.scales[scale][i])
            halves[moved] = shift + torch.exp(log_scale) * halves[moved]
            halves[seen] = halves[seen] * torch.exp(own)
            total = total + log_scale.sum() + own.sum() * self.batch
        return halves, total

    def forward(self, pixels, noise):
        z, total = self.standard(pixels, noise)
        z = z.view(self.batch, 1, 28, 28)
        for i in range(4):
            moved = self.even if i % 2 == 0 else 1 - self.even
            seen = 1 - moved
            shift, raw = self.networks[0][i](z * seen).chunk(2, 1)
            log_scale, own = bounded(raw) * moved, bounded(self.scales[0][i])
            spread = own.repeat_interleave(2, 1) * seen
            z = z * torch.exp(log_scale + spread) + shift * moved
            total = total + log_scale.sum() + own.sum() * self.batch
        first, total = self.channels(1, nn.functional.pixel_unshuffle(z, 2), total)
        last, total = self.channels(2, nn.functional.pixel_unshuffle(first[1], 2), total)
        return self.loss([first[0], *last], total)


def milliseconds(step, wait):
    for _ in range(5):
        step()
    wait()
    times = []
    began = time.perf_counter()
    while time.perf_counter() - began < 1 or len(times) < 3:
        started = time.perf_counter()
        for _ in range(10):
            step()
        wait()
        times.append((time.perf_counter() - started) / 10)
    return 1e3 * statistics.median(times)


def stepper(model, form, device):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True, capturable=form == "graph")
    pixels = torch.randint(0, 256, (model.batch, model.size), device=device).float()
    loss = torch.compile(model) if form == "compiled" else model

    def step():
        optimizer.zero_grad(set_to_none=form != "graph")
        loss(pixels, *model.noise(device)).backward()
        optimizer.step()

    if form != "graph":
        return step
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def main():
    device = sys.argv[1] if len(sys.argv) > 1 else "cuda"
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    forms = ["eager", "compiled"] + (["graph"] if device == "cuda" else [])
    print("PyTorch", torch.__version__, torch.cuda.get_device_name() if device == "cuda" else "cpu", "ms a step")
    print(f"{'model':24}{'parameters':>11}" + "".join(f"{form:>10}" for form in forms))
    for kind in (Vae, FlatFlow, MultiscaleFlow):
        line = None
        for form in forms:
            torch.manual_seed(1)
            model = kind().to(device)
            if line is None:
                line = f"{kind.name:24}{sum(p.numel() for p in model.parameters()):>11}"
            try:
                line += f"{milliseconds(stepper(model, form, device), wait):>10.3f}"
            except Exception as e:  # a form that this installation cannot do leaves the others
                line += f"{'-':>10}"
                print(f"{kind.name}, {form}: {str(e).splitlines()[0] if str(e) else type(e).__name__}", file=sys.stderr)
        print(line, flush=True)


if __name__ == "__main__":
    main()
