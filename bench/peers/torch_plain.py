"""Prompts, forward and step of torch_train.py as one first writes them: fresh tensors, tokens by indexing, batched matrix products.

Batched and with gradients in closed form as there; same job, same interface. What torch_train.py and torch_figure2.py use with --plain.
"""
import torch
from torch.nn.functional import logsigmoid
from torch_train import BETA, D, ETA, KAPPA_A, M1, M2, P_A, V, V_NORM, K


class Prompts:
    def __init__(self, patterns, B, l, outliers=None, p=P_A, K=K, rule="coin"):
        self.shape, self.p, self.rule = (B, l + 1), p, rule
        mu, nu, v = patterns.split([M1, M2, V])
        self.mu, self.nu = BETA * mu, K * BETA * nu
        self.outliers = KAPPA_A * V_NORM * v if outliers is None else outliers
        self.scratch = torch.empty(B * (l + 1), D + 1)  # not used here

    def draw(self):
        """Tokens [B, l + 1, D + 1], query last and unlabelled; labels z [B]."""
        first = torch.randint(M1, (self.shape[0], 1))
        second = (first + torch.randint(1, M1, first.shape)) % M1
        positive = torch.randint(2, self.shape) == 1
        x = self.mu[torch.where(positive, first, second)]
        x = x + (2 * torch.rand(self.shape) - 1)[..., None] * self.nu[torch.randint(M2, self.shape)]
        spoilt = torch.rand(self.shape) < self.p
        spoilt[:, -1] = False
        x = x + spoilt[..., None] * self.outliers[torch.randint(len(self.outliers), self.shape)]
        truth = torch.where(positive, 1.0, -1.0)
        wrong = (torch.randint(2, self.shape) * 2.0 - 1 if self.rule == "coin" else
                 -truth if self.rule == "flip" else torch.ones_like(truth))
        label = torch.where(spoilt, wrong, truth)
        label[:, -1] = 0
        return torch.cat([x, label[..., None]], -1), truth[:, -1]


def forward(W_B, W_C, w, p, scratch=None):
    key = p[:, -1] @ (W_C.T @ W_B)
    y = p[:, :, -1]
    score = torch.bmm(p, key[..., None])[..., 0] * y
    if w is None:
        return score.sum(1), y, score, None
    u = p @ w
    log_keep = logsigmoid(-u)
    later = torch.exp(log_keep.flip(1).cumsum(1).flip(1) - log_keep)  # prod_{j > i} (1 - sigma_j)
    opened = torch.sigmoid(u)
    signed_gate = later * opened * y
    term = score * later * opened
    return term.sum(1), signed_gate, term, opened


def step(W_B, W_C, w, prompts, eta=ETA):
    """One step of Algorithm 1, in place."""
    p, z = prompts.draw()
    F, signed_gate, term, opened = forward(W_B, W_C, w, p)
    slope = -(z * (z * F < 1))[:, None] / len(z)
    read_out = torch.bmm((signed_gate * slope)[:, None], p)[:, 0]
    if w is not None:
        at_gate = (term - opened * term.cumsum(1)) * slope
        w -= eta * (at_gate.reshape(-1) @ p.reshape(-1, D + 1))
    grad_M = read_out.T @ p[:, -1]  # of M = W_B^T W_C
    step_B, step_C = W_C @ grad_M.T, W_B @ grad_M
    W_B -= eta * step_B
    W_C -= eta * step_C
