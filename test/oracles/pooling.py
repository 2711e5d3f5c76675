"""Makes test/fixtures/pytorch-pooling.json: max and average pooling and their input gradients, from PyTorch in float64.

Command, at the repository root: /usr/bin/python3 -B test/oracles/pooling.py
Made with torch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0).

Values are flat in C order of the shape in the case's own dataFormat. 'same' is TensorFlow's rule (the odd row or column
goes after). Padding never counts: a maximum does not see it, and an average divides by the cells inside the input. The
inputs of a max case are all different, by at least 0.001, so that no window has a tie.
"""

import random

import torch
import torch.nn.functional as F

from oracle import from_nchw, layout, made_by, resolve_padding, to_nchw, uniform, values, write

LAST, FIRST = 'channelsLast', 'channelsFirst'

# batch, (h, w), channels, (pool h, w), (stride h, w), padding, format, shift of the inputs
GEOMETRIES = [
    (2, (4, 6), 3, (2, 2), (2, 2), 'valid', LAST, 0),
    (2, (5, 7), 2, (2, 2), (2, 2), 'valid', FIRST, 0),  # the last row and column are never read
    (1, (7, 6), 3, (3, 2), (1, 1), 'valid', LAST, 0),  # windows overlap
    (1, (8, 7), 2, (2, 1), (3, 2), 'valid', LAST, 0),  # pool smaller than stride
    (2, (5, 5), 3, (2, 2), (2, 2), 'same', LAST, -2),  # all negative: a zero of padding would win a maximum
    (1, (6, 7), 4, (3, 3), (2, 2), 'same', LAST, 0),
    (2, (5, 6), 2, (3, 2), (1, 1), 'same', FIRST, -2),
    (1, (7, 8), 5, (4, 3), (3, 2), 'same', FIRST, 0),
    (1, (2, 3), 2, (5, 4), (1, 2), 'same', LAST, -2),  # pool larger than the input
    (1, (9, 6), 2, (2, 2), (3, 3), 'same', FIRST, 0),  # pool smaller than stride
]


def different(seed, shape, shift):
    """Different values in (-1, 1) + shift, in a seeded order, none within 0.001 of another."""
    count = torch.Size(shape).numel()
    order = list(range(count))
    random.Random(seed).shuffle(order)
    return torch.tensor([round((2 * place + 1) / count - 1 + shift, 4) for place in order]).reshape(shape)


def pool(op, x, size, strides, padding):
    (top, bottom), (left, right) = padding
    around = (left, right, top, bottom)
    if op == 'max':
        return F.max_pool2d(F.pad(x, around, value=float('-inf')), size, strides)
    inside = F.pad(torch.ones_like(x), around)
    # Both are averages over the whole window; their quotient is the average over the cells inside.
    return F.avg_pool2d(F.pad(x, around), size, strides) / F.avg_pool2d(inside, size, strides)


def make(index, geometry, op):
    batch, size, channels, window, strides, padding, data_format, shift = geometry
    seed = 1000 * (index + 1) + (0 if op == 'max' else 500)
    x = different(seed, layout(data_format, batch, size, channels), shift)
    assert x.unique().diff().min() > 0.001
    x.requires_grad_()
    resolved = resolve_padding(padding, size, window, strides)
    y = from_nchw(pool(op, to_nchw(x, data_format), window, strides, resolved), data_format)
    gradient = uniform(seed + 1, tuple(y.shape))
    y.backward(gradient)

    def by(pair):
        return 'x'.join(str(number) for number in pair)

    return {
        'id': f'{op} n{batch} {by(size)}x{channels} p{by(window)} s{by(strides)} {padding} {data_format}',
        'op': op,
        'dataFormat': data_format,
        'inputShape': list(x.shape),
        'poolSize': list(window),
        'strides': list(strides),
        'padding': padding,
        'input': values(x),
        'outputShape': list(y.shape),
        'output': values(y),
        'outputGradient': values(gradient),
        'inputGradient': values(x.grad),
    }


cases = [make(index, geometry, op) for op in ('max', 'average') for index, geometry in enumerate(GEOMETRIES)]
assert len({case['id'] for case in cases}) == len(cases)
write('pytorch-pooling.json', {'madeBy': made_by('pooling.py')}, 'cases', cases)
