#!/usr/bin/python3
"""Reads checkpoints of winnow-train with PyTorch (Debian's python3-torch) and scores with plain PyTorch modules.

    torch_reader.py FOLDER

FOLDER has din.pth, ranknet.pth, lightgcn.pth and cases.json. Prints the results as JSON.
"""
import collections
import json
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fixtures"))
from cascade_reference import Din, RankNet  # noqa: E402


def described(state):
    return {
        "is_ordered": type(state) is collections.OrderedDict,
        "tensors": {name: {"type": str(value.dtype), "shape": list(value.shape), "sum": float(value.double().sum()),
                           "device": str(value.device), "learns": value.requires_grad}
                    for name, value in state.items()},
    }


def din(path, cases):
    saved = torch.load(path)
    config = saved["config"]
    features = torch.tensor(cases["features"], dtype=torch.float64)
    model = Din(features.shape[1], config["embedding_dim"], config["mlp_hidden_dims"])
    model.load_state_dict(saved["state_dict"], strict=True)
    model.double().eval()
    scores = []
    for query in cases["queries"]:
        count = len(query["candidates"])
        history = features[query["history"]].expand(count, -1, -1)
        known = torch.ones(count, len(query["history"]), dtype=torch.bool)
        with torch.no_grad():
            scores.append(model(features[query["candidates"]], history, known).tolist())
    return {**described(saved["state_dict"]), "config": config, "scores": scores}


def ranknet(path, cases):
    saved = torch.load(path)
    config = saved["model_config"]
    features = torch.tensor(cases["features"], dtype=torch.float64)
    model = RankNet(config["user_feat_dim"], config["item_feat_dim"], config["embedding_dim"], config["hidden_dims"])
    model.load_state_dict(saved["model_state_dict"], strict=True)
    model.double().eval()
    scores = []
    for query in cases["queries"]:
        items = torch.cat([features[query["candidates"]], torch.tensor(query["extra"], dtype=torch.float64)], dim=1)
        user = features[query["history"]].mean(0).expand(len(items), -1)
        with torch.no_grad():
            scores.append(model(user, items).tolist())
    return {**described(saved["model_state_dict"]), "config": config, "scores": scores}


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    print(json.dumps({"din": din(folder / "din.pth", cases), "ranknet": ranknet(folder / "ranknet.pth", cases),
                      "lightgcn": described(torch.load(folder / "lightgcn.pth"))}))


if __name__ == "__main__":
    main()
