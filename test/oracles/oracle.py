"""What the oracle scripts share: seeded inputs, TensorFlow's SAME rule, layouts, and the JSON writer.

Not run by itself; see conv2d.py, pooling.py and training.py. Written with torch 1.13.1 (Debian's python3-torch).
"""

import json
import math
import pathlib
import random

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / 'fixtures'


def made_by(script):
    return f'test/oracles/{script} with torch {torch.__version__}, float64'


def rounded(shape, draw):
    """Values from draw(), rounded to 4 decimals: the very numbers that the fixture quotes."""
    return torch.tensor([round(draw(), 4) for _ in range(math.prod(shape))]).reshape(shape)


def uniform(seed, shape, low=-1.0, high=1.0):
    # Python's own generator: its sequence is the same in every version.
    generator = random.Random(seed)
    return rounded(shape, lambda: generator.uniform(low, high))


def normal(seed, shape, deviation):
    generator = random.Random(seed)
    return rounded(shape, lambda: generator.gauss(0.0, deviation))


def same_padding(size, kernel, stride, dilation=1):
    """TensorFlow's SAME on one axis: (before, after), the odd one after."""
    output = -(-size // stride)
    need = max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - size)
    return need // 2, need - need // 2


def resolve_padding(padding, size, kernel, strides, dilations=(1, 1)):
    """((top, bottom), (left, right)) for 'valid', 'same' or explicit pairs."""
    if padding == 'valid':
        return (0, 0), (0, 0)
    if padding == 'same':
        return tuple(same_padding(*axis) for axis in zip(size, kernel, strides, dilations))
    return tuple(tuple(pair) for pair in padding)


def to_nchw(tensor, data_format):
    return tensor.permute(0, 3, 1, 2) if data_format == 'channelsLast' else tensor


def from_nchw(tensor, data_format):
    return tensor.permute(0, 2, 3, 1) if data_format == 'channelsLast' else tensor


def layout(data_format, batch, size, channels):
    return (batch, *size, channels) if data_format == 'channelsLast' else (batch, channels, *size)


def values(tensor):
    """Flat, in C order of the tensor's own shape, to 9 significant digits."""
    flat = tensor.detach().contiguous().reshape(-1).tolist()
    if tensor.dtype == torch.int64:
        return flat
    result = [float(f'{value:.9g}') for value in flat]
    return [int(value) if value.is_integer() else value for value in result]  # int(-0.0) is 0


def tensor_json(tensor):
    return {'shape': list(tensor.shape), 'values': values(tensor)}


def write(name, head, key, items):
    """One item a line, so that a change shows as the lines that it touches."""
    compact = {'separators': (',', ':'), 'allow_nan': False}
    lines = ',\n'.join(json.dumps(item, **compact) for item in items)
    opening = json.dumps(head, **compact)[:-1]
    path = FIXTURES / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'{opening},"{key}":[\n{lines}\n]}}\n')
    print(f'{path.name}: {len(items)} {key}, {path.stat().st_size} bytes')
