import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

test('explain prints the step of a small convolutional network: sizes, then phases with their calls', async () => {
  await using engine = await createEngine({ backend: js(), workers: 2 });
  const model = engine.sequential([
    conv2d({ filters: 2, kernelSize: 2, activation: 'relu', inputShape: [3, 3, 1] }),
    flatten(),
    dense({ units: 2 }),
  ]);
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
  expect(model.explain({ batchSize: 16 })).toMatchInlineSnapshot(`
    "program fit on backend js
      batch 16 = 2 shards of 8
      in  x [batch, 3, 3, 1] float32, y [batch] int32
      bytes: batch 640, gradients 320 a shard, activations 768 and scratch 0 a worker, examples 0, shared 0, constants 64

    phase 0: for each shard
      activations@0[batch, 2, 2, 2] = conv2d(x[batch, 3, 3, 1], conv2d/kernel:0[2, 2, 1, 2]) {"strides":[1,1],"padding":[[0,0],[0,0]],"dilationRate":[1,1],"dataFormat":"channelsLast"}   # conv2d_1
      activations@256[batch, 2, 2, 2] = {max(add(a, b), 0)} (activations@0[batch, 2, 2, 2], conv2d/bias:0[2])   # conv2d_1
      activations@0[batch, 2] = matmul(activations@256[batch, 8], dense/kernel:0[8, 2]) {"transposeA":false,"transposeB":false}   # dense_1
      activations@64[batch, 2] = {add(a, b)} (activations@0[batch, 2], dense/bias:0[2])   # dense_1
      activations@0[batch] = {identity(a)} (y[batch])
      activations@128[batch] = sparseSoftmaxCrossEntropy(activations@64[batch, 2], activations@0[batch])
      gradients@256[] = reduceSum(activations@128[batch]) {"axes":[0],"keepDims":false}
      activations@512[batch, 2] = sparseSoftmaxCrossEntropyGradient(constants@0[batch], activations@64[batch, 2], activations@0[batch])   # dense_1
      gradients@0[2] = reduceSum(activations@512[batch, 2]) {"axes":[0],"keepDims":false}   # dense_1
      gradients@64[8, 2] = matmul(activations@256[batch, 8], activations@512[batch, 2]) {"transposeA":true,"transposeB":false}   # dense_1
      activations@0[batch, 8] = matmul(activations@512[batch, 2], dense/kernel:0[8, 2]) {"transposeA":false,"transposeB":true}   # dense_1
      activations@512[batch, 2, 2, 2] = {mul(b, greater(a, 0))} (activations@256[batch, 2, 2, 2], activations@0[batch, 2, 2, 2])   # conv2d_1
      gradients@128[2] = reduceSum(activations@512[batch, 2, 2, 2]) {"axes":[0,1,2],"keepDims":false}   # conv2d_1
      gradients@192[2, 2, 1, 2] = conv2dFilterGradient(activations@512[batch, 2, 2, 2], x[batch, 3, 3, 1]) {"strides":[1,1],"padding":[[0,0],[0,0]],"dilationRate":[1,1],"dataFormat":"channelsLast","filterShape":[2,2,1,2]}   # conv2d_1

    phase 1: once for the batch
      gradients@256[] = treeSum(gradients@256[])  (ranges of 1)
      gradients@0[2] = treeSum(gradients@0[2])   # dense_1  (ranges of 2)
      next dense/bias:0[2] = {identity(sub(c, mul(b, div(a, examples))))} (gradients@0[2], sgd/learning_rate:0[], dense/bias:0[2])  (ranges of 2)
      gradients@64[8, 2] = treeSum(gradients@64[8, 2])   # dense_1  (ranges of 16)
      next dense/kernel:0[8, 2] = {identity(sub(c, mul(b, div(a, examples))))} (gradients@64[8, 2], sgd/learning_rate:0[], dense/kernel:0[8, 2])  (ranges of 16)
      gradients@128[2] = treeSum(gradients@128[2])   # conv2d_1  (ranges of 2)
      next conv2d/bias:0[2] = {identity(sub(c, mul(b, div(a, examples))))} (gradients@128[2], sgd/learning_rate:0[], conv2d/bias:0[2])  (ranges of 2)
      gradients@192[2, 2, 1, 2] = treeSum(gradients@192[2, 2, 1, 2])   # conv2d_1  (ranges of 8)
      next conv2d/kernel:0[2, 2, 1, 2] = {identity(sub(c, mul(b, div(a, examples))))} (gradients@192[2, 2, 1, 2], sgd/learning_rate:0[], conv2d/kernel:0[2, 2, 1, 2])  (ranges of 8)

    results: loss = gradients@256[]"
  `);
});
