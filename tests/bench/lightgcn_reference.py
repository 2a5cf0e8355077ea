#!/usr/bin/python3
"""LightGCN in plain PyTorch, written from the paper (He et al. 2020), as a reference for training times.

    lightgcn_reference.py SPLIT_DIR [--epochs N] [--threads N] [--dim N] [--layers N] [--batch N]

Propagation is torch.sparse.mm over a coalesced COO matrix or, with --form csr, over a CSR matrix. Sampling is vectorised.
Adam is PyTorch's. SPLIT_DIR has train.txt (or train.part1.txt …) with lines `user item item …` or
`user<TAB>item[<TAB>count]`. Prints the seconds of each epoch as JSON, without a first epoch that serves as warm-up.
"""
import argparse
import json
import pathlib
import resource
import time
import warnings

import numpy
import torch

warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")


def read_pairs(folder):
    folder = pathlib.Path(folder)
    files = [folder / "train.txt"] if (folder / "train.txt").exists() else sorted(folder.glob("train.part*.txt"))
    pairs = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if "\t" in line:
                user, item = line.split("\t")[:2]
                pairs.append((user, item))
            else:
                user, *items = line.split()
                pairs += [(user, item) for item in items]
    users = {user: i for i, user in enumerate(dict.fromkeys(user for user, _ in pairs))}
    items = {item: i for i, item in enumerate(dict.fromkeys(item for _, item in pairs))}
    indices = numpy.array([(users[user], items[item]) for user, item in dict.fromkeys(pairs)], dtype=numpy.int64)
    return indices, len(users), len(items)


def adjacency(pairs, users, items):
    """Returns D^-1/2 A D^-1/2 of the graph of users and items."""
    rows = numpy.concatenate([pairs[:, 0], pairs[:, 1] + users])
    columns = numpy.concatenate([pairs[:, 1] + users, pairs[:, 0]])
    degrees = numpy.bincount(rows, minlength=users + items)
    values = 1 / numpy.sqrt(degrees[rows].astype(numpy.float64) * degrees[columns])
    return torch.sparse_coo_tensor(torch.from_numpy(numpy.stack([rows, columns])), torch.from_numpy(values).float(),
                                   (users + items, users + items)).coalesce()


class Sampler:
    """Draws as many triples as there are interactions. Users are drawn uniformly; negatives are items not taken."""

    def __init__(self, pairs, users, items, seed):
        self.random = numpy.random.default_rng(seed)
        order = numpy.argsort(pairs[:, 0], kind="stable")
        self.items_of_users = pairs[order, 1]
        self.counts = numpy.bincount(pairs[:, 0], minlength=users)
        self.begins = numpy.concatenate([[0], numpy.cumsum(self.counts)[:-1]])
        self.items = items
        self.taken = numpy.sort(pairs[:, 0] * items + pairs[:, 1])
        self.active = numpy.flatnonzero((self.counts > 0) & (self.counts < items))

    def has_taken(self, users, items):
        keys = users * self.items + items
        at = numpy.minimum(numpy.searchsorted(self.taken, keys), len(self.taken) - 1)
        return self.taken[at] == keys

    def epoch(self):
        users = self.random.choice(self.active, len(self.taken))
        positives = self.items_of_users[self.begins[users]
                                        + (self.random.random(len(users)) * self.counts[users]).astype(numpy.int64)]
        negatives = self.random.integers(self.items, size=len(users))
        wrong = numpy.flatnonzero(self.has_taken(users, negatives))
        while len(wrong):
            negatives[wrong] = self.random.integers(self.items, size=len(wrong))
            wrong = wrong[self.has_taken(users[wrong], negatives[wrong])]
        return [torch.from_numpy(part) for part in (users, positives, negatives)]


class LightGCN(torch.nn.Module):
    def __init__(self, matrix, users, items, width, layers):
        super().__init__()
        self.matrix, self.users, self.layers = matrix, users, layers
        self.embeddings = torch.nn.Parameter(torch.randn(users + items, width) * 0.1)

    def propagated(self):
        layer, total = self.embeddings, self.embeddings
        for _ in range(self.layers):
            layer = torch.sparse.mm(self.matrix, layer)
            total = total + layer
        return total / (self.layers + 1)

    def loss(self, users, positives, negatives, l2):
        out = self.propagated()
        u, p, n = (out.index_select(0, nodes)
                   for nodes in (users, positives + self.users, negatives + self.users))
        ranking = torch.nn.functional.softplus((u * n).sum(1) - (u * p).sum(1)).mean()
        batch = torch.cat([users, positives + self.users, negatives + self.users])
        return ranking + l2 / 2 * self.embeddings.index_select(0, batch).square().sum() / len(users)


class Symmetric(torch.autograd.Function):
    """The product with a symmetric CSR matrix, with its gradient, which PyTorch 1.13 does not support."""

    @staticmethod
    def forward(context, matrix, dense):
        context.matrix = matrix
        return torch.sparse.mm(matrix, dense)

    @staticmethod
    def backward(context, gradient):
        return None, torch.sparse.mm(context.matrix, gradient)


class CsrLightGCN(LightGCN):
    def propagated(self):
        layer, total = self.embeddings, self.embeddings
        for _ in range(self.layers):
            layer = Symmetric.apply(self.matrix, layer)
            total = total + layer
        return total / (self.layers + 1)


def train(model, sampler, options):
    """Returns the seconds of each epoch and the mean loss of the last."""
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds, loss = [], None
    for _ in range(options.epochs + 1):
        began, total = time.perf_counter(), 0.0
        triples = sampler.epoch()
        for batch in zip(*(part.split(options.batch) for part in triples)):
            adam.zero_grad()
            loss = model.loss(*batch, l2=1e-4)
            loss.backward()
            adam.step()
            total += loss.item() * len(batch[0])
        loss = total / len(triples[0])
        seconds.append(time.perf_counter() - began)
    return seconds, loss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("split")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--form", choices=["coo", "csr"], default="coo")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(2020)
    pairs, users, items = read_pairs(options.split)
    matrix = adjacency(pairs, users, items)
    if options.form == "csr":
        model = CsrLightGCN(matrix.to_sparse_csr(), users, items, options.dim, options.layers)
    else:
        model = LightGCN(matrix, users, items, options.dim, options.layers)
    seconds, loss = train(model, Sampler(pairs, users, items, 2020), options)
    print(json.dumps({"form": options.form, "interactions": len(pairs), "seconds": seconds[1:], "loss": loss,
                      "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
