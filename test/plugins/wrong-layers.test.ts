/** Wrong ways to write a layer, and models of parts that cannot be run or saved. */
import {
  defineConstraint,
  defineLayer,
  defineOptimizer,
  definePlugin,
  Layer,
  mul,
  reduceMean,
  RuntimeError,
} from '@convoy/engine';
import type { LayerOptions, SymbolicTensor } from '@convoy/engine';
import { activation, dense } from '@convoy/layers';
import { describe, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { modelOf, train, withEngine, type Parts } from './small-model.js';

describe('a layer is refused', () => {
  const layerOf = (call: (x: SymbolicTensor) => unknown) =>
    defineLayer(
      'fold',
      class extends Layer {
        call(x: SymbolicTensor): SymbolicTensor {
          return unchecked(call(x));
        }
      },
    );

  test.each([
    ['nothing', undefined],
    ['a number', 5],
  ])('whose call returns %s', (_, value) =>
    expectRefusal(() => train({ layer: layerOf(() => value)({ name: 'odd' }) }), {
      code: 'CALL',
      says: ["layer 'odd'", '`call`', 'Tensor'],
    }),
  );

  test('whose call returns a list', () =>
    expectRefusal(() => train({ layer: layerOf((x) => [x, x])({ name: 'odd' }) }), {
      says: ["layer 'odd'", '`call`', 'list of 2', 'one tensor'],
    }));

  test('that makes a weight before it belongs to an engine', () => {
    class Early extends Layer {
      readonly gain = this.addVariable('gain', [1]);
      call(x: SymbolicTensor): SymbolicTensor {
        return mul(x, this.gain);
      }
    }
    return expectRefusal(() => defineLayer('early', Early)(), {
      error: RuntimeError,
      code: 'UNBOUND',
      says: ['Early', 'no engine', 'build'],
    });
  });

  test('that is no subclass of Layer', () =>
    expectRefusal(() => defineLayer('fold', unchecked(Map)), { says: ['fold', 'extends Layer'] }));

  test('that has no call', () => {
    const Base: new (options: object) => object = unchecked(Layer);
    class Fold extends Base {}
    return expectRefusal(() => train({ layer: defineLayer('fold', unchecked(Fold))(unchecked({ name: 'odd' })) }), {
      says: ['fold', '`call`'],
    });
  });

  test('whose factory was not called', () =>
    withEngine({}, (engine) =>
      expectRefusal(() => engine.sequential([dense({ units: 2, inputShape: [2] }), unchecked(layerOf((x) => x))]), {
        says: ['sequential', 'layer 1', 'fold()'],
      }),
    ));
});

test('a model whose output has lost the batch axis is refused when it is made', () =>
  withEngine({}, (engine) => {
    const lost = activation({ name: 'odd', activation: (x) => reduceMean(x) });
    return expectRefusal(() => engine.sequential([dense({ units: 2, inputShape: [2] }), lost]), {
      says: ['model', "layer 'odd'", '[]', 'batch'],
    });
  }));

class Tabled extends Layer<LayerOptions & { table: object }> {
  call(x: SymbolicTensor): SymbolicTensor {
    return x;
  }
}

describe('a model with a part that cannot be found again is not saved', () => {
  const refused = (parts: Parts, says: string[]) =>
    withEngine({}, (engine) =>
      expectRefusal(() => modelOf(engine, parts).save('never-written'), { code: 'UNSAVABLE', says }),
    );

  test('a bare function as an activation', () =>
    refused({ activation: (x) => x }, ["layer 'odd'", 'activation', 'bare function', 'defineOp']));

  test('an option that is no data', () => {
    const tables = defineLayer('tables', Tabled, ['table']);
    definePlugin({ name: 'tables', parts: [tables] });
    return refused({ layer: tables({ name: 'odd', table: new Map() }) }, ["layer 'odd'", 'table', 'Map']);
  });

  test('a constraint that is in no plugin', () =>
    refused({ constraint: defineConstraint('box', () => (w) => w)() }, ["layer 'dense_1'", "'box'", 'definePlugin']));

  test('an optimizer that is in no plugin', () => {
    const still = defineOptimizer('still', () => ({ learningRate: 0, update: ({ variable }) => ({ variable }) }));
    return refused({ optimizer: still() }, ['optimizer', "'still'", 'definePlugin']);
  });

  test('a layer class of one’s own without a factory', () => {
    class Bare extends Layer {
      call(x: SymbolicTensor): SymbolicTensor {
        return x;
      }
    }
    return refused({ layer: new Bare({ name: 'odd' }) }, ["layer 'odd'", 'defineLayer']);
  });
});
