import { Layer, mul, ValueError, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';

const engine = await engineOfFile();

/** Applies a layer with an input spec to zeros of a shape. */
function apply(
  spec: object,
  shape: readonly number[],
  values: Float32Array | Int32Array = new Float32Array(99),
): unknown {
  class Specified extends Layer {
    override inputSpec = untyped<Layer['inputSpec']>(spec);
    call(x: SymbolicTensor): SymbolicTensor {
      return mul(x, 1);
    }
  }
  const size = shape.reduce((a, b) => a * b, 1);
  return new Specified({ name: 'spec' }).apply(engine.tensor(values.slice(0, size), shape)).shape;
}

function expectRefused(spec: object, shape: readonly number[], why: RegExp, values?: Int32Array): void {
  expectError(() => apply(spec, shape, values), ValueError, /^Input 0 of layer spec is incompatible with the layer: /);
  expectError(() => apply(spec, shape, values), ValueError, why);
}

describe('Upstream tests', () => {
  test('testInputSpecNdimCheck: the rank', () => {
    expectRefused({ rank: 2 }, [1], /expected ndim=2, found ndim=1\. Full shape received: \[1\]\. Change /);
    expect(apply({ rank: 2 }, [2, 3])).toEqual([2, 3]);
  });

  test('testInputSpecMinNdimCheck: a least rank', () => {
    expectRefused({ minRank: 2 }, [1], /expected minNdim=2, found ndim=1\. Full shape received: \[1\]\. Change /);
    expect(apply({ minRank: 2 }, [2, 3, 4])).toEqual([2, 3, 4]);
  });

  test('testInputSpecMaxNdimCheck: a largest rank', () => {
    expectRefused(
      { maxRank: 2 },
      [1, 2, 3],
      /expected maxNdim=2, found ndim=3\. Full shape received: \[1, 2, 3\]\. Change /,
    );
    expect(apply({ maxRank: 2 }, [2])).toEqual([2]);
  });

  test('testInputSpecDtypeCheck: the type of the values', () => {
    expectRefused({ dtype: 'float32' }, [2], /expected dtype=float32, found dtype=int32/, Int32Array.of(1, 2));
    expect(apply({ dtype: 'float32' }, [2])).toEqual([2]);
  });

  test('testInputSpecAxesCheck: the length of single axes', () => {
    expectRefused(
      { axes: { [-1]: 2 } },
      [3, 5],
      /expected axis -1 of input shape to have value 2 but received .*\[3, 5\]$/,
    );
    expect(apply({ axes: { [-1]: 2 } }, [3, 4, 2])).toEqual([3, 4, 2]);
  });

  test('testInputSpecShapeCheck: the whole shape, null for any length', () => {
    expectRefused({ shape: [null, 3] }, [2, 1], /expected shape=\[null, 3\], found shape=\[2, 1\]$/);
    expect(apply({ shape: [null, 3] }, [2, 3])).toEqual([2, 3]);
  });
});
