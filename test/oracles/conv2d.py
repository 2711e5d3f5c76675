"""Makes test/fixtures/pytorch-conv2d.json: 2-D convolutions, their outputs and both gradients, from PyTorch in float64.

Command, at the repository root: /usr/bin/python3 -B test/oracles/conv2d.py
Made with torch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0).

Values are flat in C order of the shape in the case's own dataFormat; the filter is HWIO in both formats. 'same' is
TensorFlow's rule (the odd row or column goes after); explicit padding is [[top, bottom], [left, right]]. As in every
deep learning library, this is cross-correlation: the filter is not flipped.
"""

import torch.nn.functional as F

from oracle import from_nchw, layout, made_by, resolve_padding, to_nchw, uniform, values, write

VALID, SAME = 'valid', 'same'
LAST, FIRST = 'channelsLast', 'channelsFirst'

# batch, (h, w), channels in, (kernel h, w), channels out, (stride h, w), (dilation h, w), padding, formats
GEOMETRIES = [
    # plain
    (1, (1, 1), 1, (1, 1), 1, (1, 1), (1, 1), VALID, [LAST]),
    (1, (5, 5), 1, (3, 3), 1, (1, 1), (1, 1), VALID, [LAST, FIRST]),
    (2, (5, 7), 3, (3, 3), 4, (1, 1), (1, 1), VALID, [LAST, FIRST]),
    (3, (6, 4), 2, (2, 3), 5, (1, 1), (1, 1), VALID, [LAST, FIRST]),
    (1, (9, 6), 2, (5, 1), 3, (1, 1), (1, 1), VALID, [LAST]),
    (1, (6, 9), 2, (1, 5), 3, (1, 1), (1, 1), VALID, [FIRST]),
    (2, (4, 5), 3, (4, 5), 6, (1, 1), (1, 1), VALID, [LAST, FIRST]),  # the kernel covers the input
    (1, (4, 4), 16, (3, 3), 4, (1, 1), (1, 1), VALID, [LAST]),  # many channels in
    (1, (5, 4), 2, (3, 3), 17, (1, 1), (1, 1), VALID, [LAST, FIRST]),  # many channels out, one past 16
    (1, (4, 5), 8, (2, 2), 8, (1, 1), (1, 1), VALID, [FIRST]),
    # 1x1 kernels
    (2, (4, 5), 5, (1, 1), 7, (1, 1), (1, 1), VALID, [LAST, FIRST]),
    (2, (5, 7), 3, (1, 1), 4, (2, 2), (1, 1), VALID, [LAST]),
    (2, (5, 6), 3, (1, 1), 4, (3, 2), (1, 1), SAME, [FIRST]),
    (1, (4, 4), 3, (1, 1), 2, (1, 1), (1, 1), [[1, 0], [0, 2]], [LAST]),  # outputs that see padding only
    (1, (5, 4), 2, (1, 1), 3, (2, 1), (3, 2), VALID, [FIRST]),  # dilation does nothing to a 1x1 kernel
    # strides
    (2, (7, 8), 2, (3, 3), 3, (2, 2), (1, 1), VALID, [LAST, FIRST]),  # the last column is never read
    (1, (8, 9), 3, (3, 2), 4, (1, 3), (1, 1), VALID, [LAST]),
    (1, (10, 7), 2, (2, 3), 4, (3, 1), (1, 1), VALID, [FIRST]),
    (2, (9, 8), 2, (2, 2), 3, (3, 3), (1, 1), VALID, [LAST]),  # kernel smaller than stride
    # same
    (2, (5, 6), 2, (3, 3), 4, (1, 1), (1, 1), SAME, [LAST, FIRST]),
    (2, (4, 5), 3, (2, 2), 4, (1, 1), (1, 1), SAME, [LAST, FIRST]),  # odd split: 0 before, 1 after
    (1, (6, 5), 2, (4, 2), 3, (1, 1), (1, 1), SAME, [LAST]),  # odd split: 1 before, 2 after on the first axis
    (1, (6, 8), 2, (3, 3), 4, (2, 2), (1, 1), SAME, [LAST, FIRST]),  # even sizes, stride 2: 0 before, 1 after
    (2, (7, 6), 2, (5, 4), 3, (2, 3), (1, 1), SAME, [LAST]),
    (1, (9, 6), 3, (2, 2), 4, (3, 3), (1, 1), SAME, [LAST, FIRST]),  # kernel smaller than stride: need is negative
    (1, (7, 8), 2, (2, 1), 3, (3, 2), (1, 1), SAME, [FIRST]),  # kernel smaller than stride, yet one row to add
    (1, (2, 3), 2, (5, 5), 3, (1, 1), (1, 1), SAME, [LAST]),  # kernel larger than the input
    (3, (1, 7), 2, (1, 3), 3, (1, 2), (1, 1), SAME, [FIRST]),
    # explicit
    (2, (5, 5), 2, (3, 3), 3, (1, 1), (1, 1), [[1, 1], [1, 1]], [LAST]),
    (1, (5, 6), 2, (3, 3), 4, (1, 1), (1, 1), [[0, 2], [1, 0]], [LAST, FIRST]),
    (2, (6, 5), 2, (3, 2), 3, (2, 1), (1, 1), [[2, 1], [0, 3]], [LAST]),
    (1, (4, 5), 2, (2, 3), 3, (1, 2), (1, 1), [[3, 0], [4, 1]], [FIRST]),  # padding larger than the kernel
    (1, (6, 7), 3, (4, 3), 2, (3, 2), (1, 1), [[1, 3], [2, 0]], [LAST]),
    # dilations
    (1, (7, 7), 2, (3, 3), 3, (1, 1), (2, 2), VALID, [LAST, FIRST]),
    (2, (6, 9), 2, (2, 3), 4, (1, 1), (1, 3), VALID, [LAST]),
    (1, (9, 6), 2, (3, 2), 4, (1, 1), (3, 2), VALID, [FIRST]),
    (1, (6, 7), 2, (3, 3), 3, (1, 1), (2, 3), SAME, [LAST, FIRST]),
    (1, (5, 5), 2, (2, 2), 3, (1, 1), (3, 1), SAME, [LAST]),  # odd split under dilation: 1 before, 2 after
    (1, (6, 6), 2, (3, 2), 3, (1, 1), (2, 3), [[3, 1], [0, 2]], [LAST]),
    # strides with dilations
    (1, (9, 9), 2, (3, 3), 3, (2, 2), (2, 2), VALID, [LAST, FIRST]),  # equal: half of the input is never read
    (1, (10, 9), 2, (3, 2), 3, (2, 3), (3, 2), VALID, [LAST]),
    (1, (8, 11), 2, (2, 3), 4, (3, 2), (2, 3), VALID, [FIRST]),
    (2, (7, 8), 2, (3, 3), 3, (2, 2), (2, 2), SAME, [LAST, FIRST]),
    (1, (8, 7), 2, (2, 3), 3, (3, 2), (2, 3), SAME, [LAST]),
    (2, (9, 5), 2, (3, 2), 3, (2, 3), (3, 1), SAME, [FIRST]),
    (1, (7, 9), 2, (3, 3), 3, (2, 3), (2, 2), [[1, 2], [3, 0]], [LAST, FIRST]),
]


def make(index, geometry, data_format):
    batch, size, channels, kernel, filters, strides, dilations, padding, _ = geometry
    # Both formats of one geometry have values of their own, so that neither can pass as the other.
    seed = 1000 * (index + 1) + (500 if data_format == FIRST else 0)
    x = uniform(seed, layout(data_format, batch, size, channels)).requires_grad_()
    w = uniform(seed + 1, (*kernel, channels, filters)).requires_grad_()

    (top, bottom), (left, right) = resolve_padding(padding, size, kernel, strides, dilations)
    padded = F.pad(to_nchw(x, data_format), (left, right, top, bottom))
    y = from_nchw(F.conv2d(padded, w.permute(3, 2, 0, 1), stride=strides, dilation=dilations), data_format)
    gradient = uniform(seed + 2, tuple(y.shape))
    y.backward(gradient)

    def by(pair):
        return 'x'.join(str(number) for number in pair)

    shown = padding if isinstance(padding, str) else f'pad{top},{bottom},{left},{right}'
    return {
        'id': f'n{batch} {by(size)}x{channels} k{by(kernel)}x{filters} s{by(strides)} d{by(dilations)}'
        f' {shown} {data_format}',
        'dataFormat': data_format,
        'inputShape': list(x.shape),
        'filterShape': list(w.shape),
        'strides': list(strides),
        'dilations': list(dilations),
        'padding': padding,
        'input': values(x),
        'filter': values(w),
        'outputShape': list(y.shape),
        'output': values(y),
        'outputGradient': values(gradient),
        'inputGradient': values(x.grad),
        'filterGradient': values(w.grad),
    }


cases = [make(index, geometry, form) for index, geometry in enumerate(GEOMETRIES) for form in geometry[-1]]
assert len({case['id'] for case in cases}) == len(cases)
assert all(len(value) <= 620 for case in cases for value in case.values() if isinstance(value, list))
write('pytorch-conv2d.json', {'madeBy': made_by('conv2d.py')}, 'cases', cases)
