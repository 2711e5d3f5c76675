import { conv2d } from '@convoy/conv2d';
import {
  constraints,
  Layer,
  mul,
  partitioners,
  ValueError,
  type Partitioner,
  type SymbolicTensor,
} from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { wave } from './numbers.js';
import { trainOneStep } from './one-step.js';

const engine = await engineOfFile();

class Plain extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    return mul(x, 2);
  }
}
const plain = (name: string) => engine.bind(new Plain({ name }));
const filters = (numShards: number) => partitioners.fixedSize({ numShards, axis: -1 });

describe('Partitioners', () => {
  test('parts are named SCOPE/NAME/part_I:0; sizes differ by at most one, larger ones first', () => {
    const variable = plain('cut').addVariable('kernel', [2, 10], { partitioner: filters(3) });
    expect(variable.partition).toEqual({ axis: 1, sizes: [4, 3, 3] });
    expect(variable.parts.map((part) => part.name)).toEqual([
      'cut/kernel/part_0:0',
      'cut/kernel/part_1:0',
      'cut/kernel/part_2:0',
    ]);
    expect(variable.parts.map((part) => part.shape)).toEqual([
      [2, 4],
      [2, 3],
      [2, 3],
    ]);
    variable.assign(Array.from({ length: 20 }, (_, i) => i));
    expect(variable.parts.map((part) => [...part.dataSync()])).toEqual([
      [0, 1, 2, 3, 10, 11, 12, 13],
      [4, 5, 6, 14, 15, 16],
      [7, 8, 9, 17, 18, 19],
    ]);
  });

  test('the parts can be read while a run trains', async () => {
    const fresh = await freshEngine();
    const layer = conv2d({ filters: 3, kernelSize: 1, inputShape: [1, 1, 1] });
    const model = fresh.variableScope('cut', { partitioner: filters(2) }, () => fresh.sequential([layer]));
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    const run = model.fit({ x: wave(64), y: wave(192) }, { batchSize: 1, epochs: 3 });
    const parts = await Promise.all((layer.kernel?.parts ?? []).map((part) => part.data()));
    expect(parts.map((part) => part.length)).toEqual([2, 1]);
    await run;
  });

  test('scalars are never cut', () => {
    const layer = plain('scalar');
    const never: Partitioner = () => expect.fail('asked for a scalar');
    expect(layer.addVariable('s', [], { partitioner: never }).partition).toBeNull();
  });

  test('fixedSize makes numShards parts, or as many as there are elements', () => {
    expect(partitioners.fixedSize({ numShards: 3 })([10, 4], 'float32')).toEqual([3, 1]);
    expect(partitioners.fixedSize({ numShards: 3, axis: 1 })([10, 2], 'float32')).toEqual([1, 2]);
    expect(filters(5)([3, 3, 2, 10], 'float32')).toEqual([1, 1, 1, 5]);
    expectError(
      () => partitioners.fixedSize({ numShards: 0 }),
      ValueError,
      /^fixedSize: numShards must be a positive integer, got the number 0$/,
    );
    expectError(
      () => partitioners.fixedSize({ numShards: 2, axis: 3 })([4], 'float32'),
      ValueError,
      /^fixedSize: Cannot partition along axis 3 when shape is only \[4\]/,
    );
  });

  test('variableAxisSize keeps each part within maxShardBytes', () => {
    const cases = [
      [0, 131072, undefined, [1, 1, 1, 1]],
      [1, 65536, undefined, [1, 1, 1, 1]],
      [2, 32768, undefined, [1, 1, 2, 1]],
      [3, 2048, undefined, [1, 1, 1, 32]],
      [3, 1024, undefined, [1, 1, 1, 32]],
      [3, 2048, 16, [1, 1, 1, 16]],
    ] as const;
    for (const [axis, maxShardBytes, maxShards, counts] of cases) {
      const partitioner = partitioners.variableAxisSize({ axis, maxShardBytes, ...(maxShards ? { maxShards } : {}) });
      expect(partitioner([4, 8, 16, 32], 'float32'), `axis ${axis}, ${maxShardBytes} bytes`).toEqual(counts);
    }
    const refused: [Parameters<typeof partitioners.variableAxisSize>[0], string][] = [
      [{ maxShardBytes: 0 }, 'maxShardBytes must be a number above 0, got the number 0'],
      [{ maxShardBytes: -1 }, 'maxShardBytes must be a number above 0, got the number -1'],
      [{ maxShardBytes: 1024, maxShards: 0 }, 'maxShards must be a positive integer, got the number 0'],
    ];
    for (const [options, message] of refused) {
      expectError(() => partitioners.variableAxisSize(options), ValueError, `variableAxisSize: ${message}`);
    }
  });

  test('minMax makes at most maxPartitions parts of at least minSliceSize bytes', () => {
    const shape = [2048, 1024];
    expect(partitioners.minMax()(shape, 'float32')).toEqual([1, 1]);
    expect(partitioners.minMax({ maxPartitions: 100 })(shape, 'float32')).toEqual([32, 1]);
    expect(partitioners.minMax({ maxPartitions: 8, axis: 1 })(shape, 'float32')).toEqual([1, 8]);
    expect(partitioners.minMax({ maxPartitions: 100, minSliceSize: 256 << 20 })(shape, 'float32')).toEqual([1, 1]);
    expect(partitioners.minMax({ maxPartitions: 100, minSliceSize: 1 })([3, 2], 'float32')).toEqual([3, 1]);
    expectError(
      () => partitioners.minMax({ maxPartitions: 0 }),
      ValueError,
      /^minMax: maxPartitions must be a positive integer, got the number 0$/,
    );
    expectError(
      () => partitioners.minMax({ minSliceSize: 0 }),
      ValueError,
      /^minMax: minSliceSize must be a number above 0, got the number 0$/,
    );
  });

  test('a partitioner whose answer is no partition of the shape is refused', () => {
    const layer = plain('refused');
    const cases: [unknown, RegExp][] = [
      [3, /^variable 'refused\/v:0': Partitioner must be callable, but received: 3$/],
      [() => 3, /Partitioner must return a sequence with a number of parts for each axis; the partitioner gave 3$/],
      [() => [1], /Partitioner must return one number for each of 2 axes; the partitioner gave \[1\]$/],
      [() => [0, 1], /Partitioner returned zero partitions for some axes; the partitioner gave \[0,1\]$/],
      [() => [5, 1], /there are more parts than elements along an axis; the partitioner gave \[5,1\]$/],
      [() => [2, 2], /a variable is cut along one axis only; the partitioner gave \[2,2\]$/],
    ];
    for (const [partitioner, message] of cases) {
      expectError(() => layer.addVariable('v', [4, 2], { partitioner: untyped(partitioner) }), ValueError, message);
    }
    expect(layer.variables).toHaveLength(0);
  });

  test('a layer gets the partitioner of the variable scope around it, and lists what it makes as trainable', () => {
    const layer = engine.variableScope('outer', { partitioner: filters(2) }, () => {
      const made = conv2d({ filters: 5, kernelSize: 3 });
      made.apply(engine.input({ shape: [6, 6, 2] }));
      return made;
    });
    expect(layer.kernel?.parts.map((part) => part.shape)).toEqual([
      [3, 3, 2, 3],
      [3, 3, 2, 2],
    ]);
    expect(layer.bias?.partition?.sizes).toEqual([3, 2]);
    expect(layer.trainableWeights).toEqual([layer.kernel, layer.bias]);
    expect(layer.countParams()).toBe(3 * 3 * 2 * 5 + 5);
  });

  test('reuse wants the same partition, or none named', () => {
    const layer = plain('shared');
    const cut = layer.addVariable('v', [4], { partitioner: filters(2) });
    const whole = layer.addVariable('w', [4]);
    layer.apply(engine.input({ shape: [1] }));
    expect(layer.addVariable('v', [4])).toBe(cut);
    expect(layer.addVariable('v', [4], { partitioner: filters(2) })).toBe(cut);
    expectError(
      () => layer.addVariable('v', [4], { partitioner: filters(3) }),
      ValueError,
      'Trying to reuse partitioned variable shared/v:0, but specified partitions [2, 1, 1] along axis 0 and found ' +
        'partitions [2, 2] along axis 0.',
    );
    expectError(
      () => layer.addVariable('w', [4], { partitioner: filters(2) }),
      ValueError,
      'Trying to reuse partitioned variable shared/w:0, but specified partitions [2, 2] along axis 0 and found ' +
        'partitions none.',
    );
    expect(whole.partition).toBeNull();
  });

  test('a partitioned layer trains to the same bits: regularizer and constraint see the whole', async () => {
    const weights: Float32Array[][] = [];
    for (const numShards of [1, 3]) {
      const fresh = await freshEngine();
      const layer = fresh.variableScope('s', { partitioner: partitioners.fixedSize({ numShards, axis: 0 }) }, () => {
        const made = conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [5, 5, 1],
          kernelRegularizer: 'l2',
          // Norms over the cut axis.
          kernelConstraint: constraints.maxNorm({ maxValue: 0.3 }),
        });
        fresh.bind(made).build([null, 5, 5, 1]);
        return made;
      });
      expect(layer.kernel?.parts).toHaveLength(numShards);
      expect(layer.losses).toHaveLength(1);
      await trainOneStep(fresh.sequential([layer]), { x: wave(100), y: wave(4 * 36), batchSize: 4 });
      weights.push(layer.getWeights());
    }
    expect(weights[1]).toEqual(weights[0]);
  });

  test('the whole can be assigned', () => {
    const variable = plain('assigned').addVariable('v', [3], { partitioner: filters(2) });
    variable.assign([1, 2, 3]);
    expect(variable.parts.map((part) => [...part.dataSync()])).toEqual([[1, 2], [3]]);
  });
});
