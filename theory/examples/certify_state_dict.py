#!/usr/bin/env python3
"""Certifies weights that PyTorch holds, over every prompt of a class: python3 certify_state_dict.py

What state_dict() gives is taken as it is; without PyTorch, a dict of NumPy arrays stands in for it."""

import mambound

try:
    import torch
except ImportError:
    torch = None

# Stand-ins for what you trained and what your prompts are made of: replace them by model.state_dict() and your own vectors, in rows.
trained = mambound.train(mambound.Setting(T=300), seed=1)
weights = {"mixer.B.weight": trained.model.W_B, "mixer.C.weight": trained.model.W_C, "gate": trained.model.w}
state_dict = {name: torch.from_numpy(value) for name, value in weights.items()} if torch else weights
vectors = {name: getattr(trained.patterns, name) for name in ("mu", "nu", "training_outliers", "test_outliers")}

model = mambound.Model.from_state_dict(state_dict, {"W_B": "mixer.B.weight", "W_C": "mixer.C.weight", "w": "gate"})
patterns = mambound.Patterns(**vectors)
found = mambound.certify(model, patterns, length=20, kappa=0.5, outlier_magnitude=8, certificate="certificate.json")
checked = mambound.check("certificate.json", model, patterns)
print(f"right on every prompt with at most {found['certified_outliers']} of 20 outliers; checked again: {checked.accepted}")
