"""PyTorch as a peer: python3 pytorch.py FOLDER THREADS."""
import json
import sys
import time

import numpy as np
import torch
from torch import nn

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
with open(f"{folder}/recipe.json") as file:
    recipe = json.load(file)
batch, batches = recipe["batchSize"], recipe["batches"]
height, width, channels = recipe["input"]
weights = np.fromfile(f"{folder}/weights.f32", np.float32)
x = np.fromfile(f"{folder}/x.f32", np.float32).reshape(-1, height, width, channels)
x = torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))
y = torch.from_numpy(np.fromfile(f"{folder}/y.i32", np.int32).astype(np.int64))

layers, start, kernels, image = [], 0, iter(recipe["kernels"]), [channels, height, width]


def take(shape):
    global start
    size = int(np.prod(shape))
    values = weights[start : start + size].reshape(shape)
    start += size
    return values


flat = None
for spec in recipe["layers"]:
    if spec["kind"] == "conv":
        values = take(next(kernels))
        layer = nn.Conv2d(image[0], spec["filters"], spec["size"], padding=spec["padding"])
        layer.weight.data = torch.from_numpy(np.ascontiguousarray(values.transpose(3, 2, 0, 1)))
        lost = 0 if spec["padding"] == "same" else spec["size"] - 1
        image = [spec["filters"], image[1] - lost, image[2] - lost]
        layers += [layer, nn.ReLU()]
    elif spec["kind"] == "maxPool":
        layers.append(nn.MaxPool2d(2))
        image = [image[0], image[1] // 2, image[2] // 2]
    elif spec["kind"] == "flatten":
        layers.append(nn.Flatten())
        flat = image
    else:
        values = take(next(kernels))
        if flat is not None:
            # Rows are in the order height, width, channels; here channels come first.
            c, h, w = flat
            values = values.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(c * h * w, -1)
            flat = None
        layer = nn.Linear(values.shape[0], values.shape[1])
        layer.weight.data = torch.from_numpy(np.ascontiguousarray(values.T))
        layers += [layer, nn.ReLU()] if spec["relu"] else [layer]
for layer in layers:
    if hasattr(layer, "bias") and layer.bias is not None:
        layer.bias.data.zero_()
model = nn.Sequential(*layers)
loss_of = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=recipe["learningRate"])
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
step = 0
for line in sys.stdin:
    losses = []
    started = time.perf_counter()
    for _ in range(int(line)):
        rows = slice((step % batches) * batch, (step % batches + 1) * batch)
        optimizer.zero_grad()
        loss = loss_of(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        step += 1
    milliseconds = 1000 * (time.perf_counter() - started)
    print(json.dumps({"milliseconds": milliseconds, "losses": [float(loss) for loss in losses]}), flush=True)
