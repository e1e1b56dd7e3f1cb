#!/usr/bin/python3
"""Algorithm 1 in PyTorch: the job of `mambound train`, for comparing speed (bench/all.py).

The default setting of theory/setting.hpp in a random rotation of R^d. Batched, gradients in closed form, every buffer a dense
tensor. Everything of the size of the tokens lives in buffers that are written again each iteration: fresh ones cost page faults,
more than the arithmetic. Prints one JSON line; loss and error are measured on fresh prompts after the clock has stopped.
"""
import argparse
import json
import time

import torch
from torch.nn.functional import logsigmoid

D, M1, M2, V = 30, 6, 10, 3
BETA, V_NORM, KAPPA_A, P_A, K = 3.0, 3.0, 2.0, 0.6, 0.5
DELTA, ETA = 0.2, 0.2


class Prompts:
    """B prompts: all ordered pairs as tasks; outliers (rows) with probability p, labelled by `rule`."""

    def __init__(self, patterns, B, l, outliers=None, p=P_A, K=K, rule="coin"):
        self.B, self.l, self.p, self.rule = B, l, p, rule
        self.tokens, self.scratch = torch.empty(2, B * (l + 1), D + 1)
        mu, nu, v = patterns.split([M1, M2, V])
        # A class is (relevant, outlier or none, label): row 3 (relevant (V + 1) + outlier + 1) + label + 1.
        self.V = V if outliers is None else len(outliers)
        outliers = torch.cat([torch.zeros(1, D), KAPPA_A * V_NORM * v if outliers is None else outliers])
        x = (BETA * mu)[:, None, None] + outliers[None, :, None]
        labels = torch.tensor([-1.0, 0.0, 1.0]).expand(M1, self.V + 1, 3)
        self.classes = torch.cat([x.expand(-1, -1, 3, -1), labels[..., None]], -1).reshape(-1, D + 1).contiguous()
        self.nu = torch.cat([K * BETA * nu, torch.zeros(M2, 1)], -1).contiguous()

    def draw(self):
        """Tokens [B, l + 1, D + 1], query last and unlabelled; labels z [B]."""
        B, l = self.B, self.l
        first = torch.randint(M1, (B, 1))
        second = (first + torch.randint(1, M1, (B, 1))) % M1
        positive = torch.randint(2, (B, l + 1))
        relevant = torch.where(positive == 1, first, second)
        spoilt = torch.rand(B, l + 1) < self.p
        spoilt[:, l] = False
        outlier = torch.randint(1, self.V + 1, (B, l + 1)) * spoilt
        wrong = (torch.randint(2, (B, l + 1)) if self.rule == "coin" else
                 1 - positive if self.rule == "flip" else torch.ones_like(positive))
        label = 2 * torch.where(spoilt, wrong, positive)
        label[:, l] = 1
        token_class = 3 * ((self.V + 1) * relevant + outlier) + label
        weight = torch.empty(B * (l + 1), 1).uniform_(-1, 1)
        torch.index_select(self.classes, 0, token_class.view(-1), out=self.tokens)
        torch.index_select(self.nu, 0, torch.randint(M2, (B * (l + 1),)), out=self.scratch)
        self.tokens.addcmul_(weight, self.scratch)
        return self.tokens.view(B, l + 1, D + 1), (2 * positive[:, l] - 1).to(self.tokens.dtype)


def forward(W_B, W_C, w, p, scratch):
    """F [B] and what the backward pass needs; gate products in log space, no gates if w is None. The query's label 0 makes its own
    term 0."""
    q, y = p[:, -1], p[:, :, -1]
    key = q @ (W_C.T @ W_B)
    # A product and a sum, not bmm: 400 products of 21 x 31 by 31 x 1 are slower.
    score = torch.mul(p, key[:, None], out=scratch).sum(-1)
    if w is None:
        term = score.mul_(y)
        return term.sum(1), y, term, None
    u = p.view(-1, D + 1).mv(w).view_as(y)
    log_keep = logsigmoid(-u)
    later = log_keep.sum(1, keepdim=True) - log_keep.cumsum(1)  # sum_{j > i} log(1 - sigma_j)
    opened = torch.sigmoid(u)
    signed_gate = later.exp_().mul_(opened).mul_(y)
    term = score.mul_(signed_gate)
    return term.sum(1), signed_gate, term, opened


def step(W_B, W_C, w, prompts, eta=ETA):
    """One step of Algorithm 1, in place."""
    p, z = prompts.draw()
    scratch = prompts.scratch.view_as(p)
    F, signed_gate, term, opened = forward(W_B, W_C, w, p, scratch)
    slope = torch.where(z * F < 1, z, 0.0).mul_(-1 / len(z))[:, None]
    read_out = torch.mul(p, (signed_gate * slope)[..., None], out=scratch).sum(1)
    if w is not None:
        # dF/du_i = term_i - sigma_i sum_{k <= i} term_k
        at_gate = term.sub(opened.mul_(term.cumsum(1))).mul_(slope)
        w.sub_(at_gate.view(-1) @ p.view(-1, D + 1), alpha=eta)
    grad_M = read_out.T @ p[:, -1]  # of M = W_B^T W_C
    step_B, step_C = W_C @ grad_M.T, W_B @ grad_M
    W_B.sub_(step_B, alpha=eta)
    W_C.sub_(step_C, alpha=eta)


def start_of(gated):
    W_B = DELTA * torch.eye(D + 1)
    W_B[D, D] = 0
    return W_B, W_B.clone(), torch.randn(D + 1) / (D + 1) ** 0.5 if gated else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--T", type=int, default=1000, help="iterations")
    parser.add_argument("--B", type=int, default=400, help="batch size")
    parser.add_argument("--l", type=int, default=20, help="context length")
    parser.add_argument("--dtype", default="float64", choices=["float32", "float64"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_default_dtype(getattr(torch, a.dtype))
    torch.manual_seed(a.seed)

    with torch.inference_mode():
        patterns = torch.linalg.qr(torch.randn(D, D))[0].T[: M1 + M2 + V]
        prompts = Prompts(patterns, a.B, a.l)
        W_B, W_C, w = start_of(True)
        start = time.perf_counter()
        for _ in range(a.T):
            step(W_B, W_C, w, prompts)
        seconds = time.perf_counter() - start
        fresh = Prompts(patterns, min(20000, max(400, 2 * a.B)), a.l)
        p, z = fresh.draw()
        zF = z * forward(W_B, W_C, w, p, fresh.scratch.view_as(p))[0]
    print(json.dumps({"loss": (1 - zF).clamp(min=0).mean().item(), "error": (zF <= 0).double().mean().item(), "iterations": a.T,
                      "seconds": seconds, "prompts_per_s": a.T * a.B / seconds, "dtype": a.dtype, "threads": a.threads,
                      "B": a.B, "l": a.l, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
