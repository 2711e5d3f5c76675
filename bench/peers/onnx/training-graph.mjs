// A training step in plain ONNX operators: forward, gradients by hand, gradient descent. Images and filters have channels first.
import { constant, model, node, valueInfo } from './protobuf.mjs';

/** The model's bytes, and the parameters that go in and come out, in order. */
export function trainingGraph(recipe) {
  const { batchSize, input, classes, learningRate } = recipe;
  const [height, width, channels] = input;
  const nodes = [];
  const constants = [
    constant('rate', Float32Array.of(learningRate), []),
    constant('one', Float32Array.of(1 / batchSize), []),
  ];
  const parameters = parametersOf(recipe);
  const add = (type, inputs, output, attributes) => {
    nodes.push(node(type, inputs, [output], attributes));
    return output;
  };
  const ints = (name, values) => {
    constants.push(constant(name, values));
    return name;
  };
  let serial = 0;
  const name = (what) => `${what}${serial++}`;

  // Forward; each layer leaves what takes its output's gradient to its input's.
  const backwards = [];
  const queue = [...parameters];
  let shape = [channels, height, width];
  let value = 'x';
  const relu = (from) => {
    const output = add('Relu', [from], name('relu'));
    backwards.push((dy) => {
      const isOn = add('Cast', [add('Greater', [output, 'zero'], name('isOn'))], name('on'), { to: 1 });
      return add('Mul', [dy, isOn], name('dRelu'));
    });
    return output;
  };
  constants.push(constant('zero', Float32Array.of(0), []));
  for (const layer of recipe.layers) {
    if (layer.kind === 'conv') value = relu(convolution(layer, value));
    else if (layer.kind === 'maxPool') value = maxPool(value);
    else if (layer.kind === 'flatten') value = flatten(value);
    else value = layer.relu ? relu(dense(layer, value)) : dense(layer, value);
  }
  const probabilities = add('Softmax', [value], 'probabilities', { axis: 1 });
  const logs = add('LogSoftmax', [value], 'logs', { axis: 1 });
  const cross = add('Mul', [logs, 'labels'], 'cross');
  const sum = add('ReduceSum', [cross], 'sum', { keepdims: 0 });
  add('Neg', [add('Mul', [sum, 'one'], 'mean')], 'loss');

  let gradient = add('Mul', [add('Sub', [probabilities, 'labels'], 'difference'), 'one'], 'dLogits');
  for (const backward of backwards.toReversed()) gradient = backward(gradient);
  for (const { name: parameter } of parameters) {
    const step = add('Mul', [`d_${parameter}`, 'rate'], name('step'));
    add('Sub', [parameter, step], `next_${parameter}`);
  }
  const inputs = [
    valueInfo('x', [batchSize, channels, height, width]),
    valueInfo('labels', [batchSize, classes]),
    ...parameters.map((each) => valueInfo(each.name, each.shape)),
  ];
  const outputs = [valueInfo('loss', []), ...parameters.map((each) => valueInfo(`next_${each.name}`, each.shape))];
  return { bytes: model({ nodes, constants, inputs, outputs }), parameters };

  function convolution({ size, filters, padding }, x) {
    const [kernel, bias] = [queue.shift(), queue.shift()];
    const isFirst = x === 'x';
    const pad = padding === 'same' ? (size - 1) / 2 : 0;
    const pads = [pad, pad, pad, pad];
    shape = [filters, shape[1] + 2 * pad - size + 1, shape[2] + 2 * pad - size + 1];
    backwards.push((dy) => {
      const swapped = { perm: [1, 0, 2, 3] };
      const xs = add('Transpose', [x], name('xs'), swapped);
      const dys = add('Transpose', [dy], name('dys'), swapped);
      const df = add('Conv', [xs, dys], name('df'), { pads });
      add('Transpose', [df], `d_${kernel.name}`, swapped);
      add('ReduceSum', [dy, ints(name('axes'), [0, 2, 3])], `d_${bias.name}`, { keepdims: 0 });
      return isFirst ? null : add('ConvTranspose', [dy, kernel.name], name('dx'), { pads });
    });
    return add('Conv', [x, kernel.name, bias.name], name('conv'), { pads });
  }

  /** A window's maximum is 0 only where its gradient is: behind the relu. So elements that equal it are one. */
  function maxPool(x) {
    const [c, h, w] = shape;
    const window = { kernel_shape: [2, 2], strides: [2, 2] };
    const y = add('MaxPool', [x], name('pool'), window);
    shape = [c, h / 2, w / 2];
    backwards.push((dy) => {
      const split = ints(name('split'), [batchSize, c, h / 2, 2, w / 2, 2]);
      const single = ints(name('single'), [batchSize, c, h / 2, 1, w / 2, 1]);
      const xs = add('Reshape', [x, split], name('xs'));
      const ys = add('Reshape', [y, single], name('ys'));
      const isMaximum = add('Cast', [add('Equal', [xs, ys], name('isMaximum'))], name('maximum'), { to: 1 });
      const dys = add('Reshape', [dy, single], name('dys'));
      const dx = add('Mul', [isMaximum, dys], name('dx'));
      return add('Reshape', [dx, ints(name('whole'), [batchSize, c, h, w])], name('dPool'));
    });
    return y;
  }

  function flatten(x) {
    const before = [batchSize, ...shape];
    const y = add('Flatten', [x], name('flat'), { axis: 1 });
    backwards.push((dy) => add('Reshape', [dy, ints(name('unflat'), before)], name('dFlat')));
    return y;
  }

  function dense({ units }, x) {
    const [kernel, bias] = [queue.shift(), queue.shift()];
    backwards.push((dy) => {
      add('Gemm', [x, dy], `d_${kernel.name}`, { transA: 1 });
      add('ReduceSum', [dy, ints(name('axes'), [0])], `d_${bias.name}`, { keepdims: 0 });
      return add('Gemm', [dy, kernel.name], name('dDense'), { transB: 1 });
    });
    shape = [units];
    return add('Gemm', [x, kernel.name, bias.name], name('dense'));
  }
}

/** Kernels with channels first, and biases of zeros. */
function parametersOf({ kernels, layers, input }) {
  const parameters = [];
  const queue = [...kernels];
  let image = [input[2], input[0], input[1]];
  let flat = null;
  for (const layer of layers) {
    if (layer.kind === 'maxPool') image = [image[0], image[1] / 2, image[2] / 2];
    else if (layer.kind === 'flatten') flat = image;
    else {
      const { shape, values } = queue.shift();
      const index = parameters.length / 2;
      const kernel =
        layer.kind === 'conv'
          ? filtersFirst(shape, values)
          : { shape, values: flat ? rowsByChannel(shape, values, flat) : values };
      if (layer.kind === 'conv') {
        const lost = layer.padding === 'same' ? 0 : layer.size - 1;
        image = [layer.filters, image[1] - lost, image[2] - lost];
      } else flat = null;
      const outputs = shape.at(-1);
      parameters.push({ name: `kernel${index}`, ...kernel });
      parameters.push({ name: `bias${index}`, shape: [outputs], values: new Float32Array(outputs) });
    }
  }
  return parameters;
}

/** [R, S, C, K] to [K, C, R, S]. */
function filtersFirst([R, S, C, K], values) {
  const moved = new Float32Array(values.length);
  for (let r = 0; r < R; r++)
    for (let s = 0; s < S; s++)
      for (let c = 0; c < C; c++)
        for (let k = 0; k < K; k++) moved[((k * C + c) * R + r) * S + s] = values[((r * S + s) * C + c) * K + k];
  return { shape: [K, C, R, S], values: moved };
}

/** Rows of a matrix that follows a flattened image, from the order height, width, channels to channels, height, width. */
function rowsByChannel([, units], values, [c, h, w]) {
  const moved = new Float32Array(values.length);
  for (let i = 0; i < c; i++)
    for (let j = 0; j < h * w; j++)
      moved.set(values.subarray((j * c + i) * units, (j * c + i + 1) * units), (i * h * w + j) * units);
  return moved;
}
