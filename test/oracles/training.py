"""Makes test/fixtures/pytorch-training.json: a small network trained for six steps, from PyTorch in float64.

Command, at the repository root: /usr/bin/python3 -B test/oracles/training.py
Made with torch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0).

The network, on [8, 8, 1] NHWC: conv2d 3x3, 4 filters, same, relu; max pooling 2x2; conv2d 3x3, 6 filters, valid, tanh;
flatten in H, W, C order; dense. Kernels are HWIO and [in, out]. Its loss is softmax cross-entropy from logits on integer
labels (dense 5), or mean squared error over batch and outputs (dense 3). Each step has its own batch of 12. A loss is the
mean over its batch, before that step's update; 'gradients' are the first step's, 'final' the weights after the last.

Optimizers, with v and m starting at zero:
  sgd       v = momentum v + g; p -= learningRate v; with nesterov, p -= learningRate (g + momentum v)
  adam      p -= learningRate mhat / (sqrt(vhat) + epsilon / sqrt(1 - beta2^t)) at step t from 1: Keras adds its epsilon
            before the correction of v, PyTorch after it, so each step hands PyTorch an epsilon of its own

A run may be repeated in float32: the assertions keep every value that a step compares (relu against zero, the cells of a
pooling window) at least MARGIN apart, or the same zero, in which case no gradient flows.
"""

import random

import torch
import torch.nn.functional as F

from oracle import made_by, normal, rounded, tensor_json, uniform, write

SEED = 55
STEPS, BATCH = 6, 12
MARGIN = 2e-5

SGD = {'name': 'sgd', 'learningRate': 0.1, 'momentum': 0, 'nesterov': False}
RUNS = [
    ('cross-entropy sgd', 'softmaxCrossEntropy', SGD),
    ('cross-entropy sgd momentum', 'softmaxCrossEntropy', {**SGD, 'momentum': 0.9}),
    ('cross-entropy sgd nesterov', 'softmaxCrossEntropy', {**SGD, 'momentum': 0.9, 'nesterov': True}),
    (
        'cross-entropy adam',
        'softmaxCrossEntropy',
        {'name': 'adam', 'learningRate': 0.01, 'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-7},
    ),
    ('mean-squared-error sgd', 'meanSquaredError', SGD),
]


def initial_weights(units):
    """Glorot-uniform kernels; biases are small but not zero, so that leaving one out shows."""
    shapes = [('conv2d', (3, 3, 1, 4)), ('conv2d_1', (3, 3, 4, 6)), ('dense', (24, units))]
    weights = {}
    for index, (layer, shape) in enumerate(shapes):
        field = shape[0] * shape[1] if len(shape) == 4 else 1
        limit = (6 / (field * (shape[-2] + shape[-1]))) ** 0.5
        seed = 1000 * SEED + 100 + 10 * index
        weights[f'{layer}/kernel'] = uniform(seed, shape, -limit, limit)
        weights[f'{layer}/bias'] = uniform(seed + 1, shape[-1:], -0.1, 0.1)
    return weights


def batches(loss):
    """Five patterns under noise; the regression's targets are three numbers for each pattern, under noise."""
    patterns = uniform(1000 * SEED, (5, 8, 8, 1))
    answers = uniform(1000 * SEED + 1, (5, 3))
    result = []
    for step in range(STEPS):
        seed = 1000 * SEED + 10 + 3 * step
        generator = random.Random(seed)
        labels = torch.tensor([generator.randrange(5) for _ in range(BATCH)])
        x = round4(patterns[labels] + normal(seed + 1, (BATCH, 8, 8, 1), 0.4))
        targets = round4(answers[labels] + normal(seed + 2, (BATCH, 3), 0.1))
        result.append((x, labels if loss == 'softmaxCrossEntropy' else targets))
    return result


def round4(tensor):
    numbers = iter(tensor.reshape(-1).tolist())
    return rounded(tuple(tensor.shape), lambda: next(numbers))


def forward(weights, x, margins):
    def conv(layer, image, padding):
        kernel = weights[f'{layer}/kernel'].permute(3, 2, 0, 1)
        return F.conv2d(image, kernel, weights[f'{layer}/bias'], padding=padding)

    before = conv('conv2d', x.permute(0, 3, 1, 2), 1)  # 3x3 at stride 1: 'same' is 1 on every side
    margins.append(before.detach().abs().min().item())
    relu = F.relu(before)
    cells = relu.detach().unfold(2, 2, 2).unfold(3, 2, 2).reshape(-1, 4).sort(dim=1).values
    margins.append((cells[:, 3] - cells[:, 2])[cells[:, 3] > 0].min().item())
    image = torch.tanh(conv('conv2d_1', F.max_pool2d(relu, 2), 0))
    flat = image.permute(0, 2, 3, 1).reshape(len(x), -1)
    return flat @ weights['dense/kernel'] + weights['dense/bias']


def optimizer_of(settings, parameters):
    if settings['name'] == 'adam':
        return torch.optim.Adam(
            parameters,
            lr=settings['learningRate'],
            betas=(settings['beta1'], settings['beta2']),
            eps=settings['epsilon'],
        )
    return torch.optim.SGD(
        parameters, lr=settings['learningRate'], momentum=settings['momentum'], nesterov=settings['nesterov']
    )


def step_of(optimizer, settings, step):
    if settings['name'] == 'adam':
        optimizer.param_groups[0]['eps'] = settings['epsilon'] / (1 - settings['beta2'] ** (step + 1)) ** 0.5
    optimizer.step()


def train(name, loss_name, settings):
    cross_entropy = loss_name == 'softmaxCrossEntropy'
    data = batches(loss_name)
    weights = initial_weights(5 if cross_entropy else 3)
    initial = {key: tensor_json(weight) for key, weight in weights.items()}
    for weight in weights.values():
        weight.requires_grad_()
    optimizer = optimizer_of(settings, list(weights.values()))
    losses, margins, gradients = [], [], None
    for step, (x, y) in enumerate(data):
        optimizer.zero_grad()
        outputs = forward(weights, x, margins)
        loss = F.cross_entropy(outputs, y) if cross_entropy else F.mse_loss(outputs, y)
        loss.backward()
        if gradients is None:
            gradients = {key: tensor_json(weight.grad) for key, weight in weights.items()}
        losses.append(float(f'{loss.item():.9g}'))
        step_of(optimizer, settings, step)
    assert min(margins) > MARGIN, (name, min(margins))
    print(f'{name}: losses {losses}, least margin {min(margins):.2g}')
    return {
        'name': name,
        'optimizer': settings,
        'loss': loss_name,
        'initial': initial,
        'batches': [{'x': tensor_json(x), 'y': tensor_json(y)} for x, y in data],
        'losses': losses,
        'gradients': gradients,
        'final': {key: tensor_json(weight) for key, weight in weights.items()},
    }


runs = [train(*run) for run in RUNS]
write('pytorch-training.json', {'madeBy': made_by('training.py')}, 'runs', runs)
