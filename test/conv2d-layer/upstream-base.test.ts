import {
  add,
  Layer,
  mul,
  reduceSum,
  square,
  ValueError,
  type LayerOptions,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError } from './expect-error.js';

const engine = await engineOfFile();
const input = (...shape: number[]) => engine.input({ shape });

class Squaring extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    return square(x);
  }
}

/** One unconditional loss and update, made once; one of each for every call, made of its input. */
class Collecting extends Layer {
  declare a: Variable;
  declare b: Variable;

  override build(): void {
    this.a = this.addVariable('a', [], { trainable: false });
    this.b = this.addVariable('b', [], { trainable: false });
    this.addLoss(this.a.node);
    this.addUpdate({ variable: this.a, value: mul(this.a.node, 2) });
  }

  call(x: SymbolicTensor): SymbolicTensor {
    this.addLoss(reduceSum(x), true);
    this.addUpdate({ variable: this.b, value: x, reduction: 'sum' }, true);
    return add(x, 1);
  }
}

describe('Upstream tests', () => {
  test('testLayerProperties: a new layer has no variables, losses, updates, and is not built', () => {
    const layer = engine.bind(new Squaring({ name: 'my_layer' }));
    expect(layer.name).toBe('my_layer');
    for (const list of [
      layer.variables,
      layer.trainableVariables,
      layer.nonTrainableVariables,
      layer.updates,
      layer.losses,
    ]) {
      expect(list).toEqual([]);
    }
    expect([layer.built, layer.trainable]).toEqual([false, true]);
    expect(new Squaring({ name: 'my_layer', trainable: false }).trainable).toBe(false);
  });

  test('testAddWeight: my_layer/my_var:0 is trainable, the other one is not in the trainable collection', async () => {
    const fresh = await freshEngine();
    const layer = fresh.bind(new Squaring({ name: 'my_layer' }));
    const variable = layer.addVariable('my_var', [2, 2], { initializer: 'zeros' });
    expect(variable.name).toBe('my_layer/my_var:0');
    expect([layer.variables, layer.trainableVariables, layer.nonTrainableVariables]).toEqual([
      [variable],
      [variable],
      [],
    ]);
    expect(fresh.graph.getCollection('trainableVariables')).toEqual(layer.trainableVariables);
    const other = layer.addVariable('non_trainable_var', [2, 2], { initializer: 'zeros', trainable: false });
    expect(layer.variables).toEqual([variable, other]);
    expect(layer.trainableVariables).toEqual([variable]);
    expect(layer.nonTrainableVariables).toEqual([other]);
    expect(fresh.graph.getCollection('trainableVariables')).toHaveLength(1);
    const regularized = layer.addVariable('reg_weight', [2, 2], { regularizer: (x) => mul(reduceSum(x), 1e-3) });
    expect(regularized.name).toBe('my_layer/reg_weight:0');
    expect(layer.losses).toHaveLength(1);
  });

  test('testGetVariable: a layer that reuses gets the variable and lists none', async () => {
    const fresh = await freshEngine();
    class Owning extends Layer {
      declare mine: Variable;
      override build(): void {
        this.mine = this.addVariable('my_var', [2, 2], { regularizer: (x) => mul(reduceSum(x), 1e-3) });
      }
      call(x: SymbolicTensor): SymbolicTensor {
        return mul(x, reduceSum(this.mine.node));
      }
    }
    const x = fresh.input({ shape: [2] });
    const [owner, guest] = [new Owning({ name: 'my_layer' }), new Owning({ name: 'my_layer', reuse: true })];
    owner.apply(x);
    guest.apply(x);
    expect(guest.mine).toBe(owner.mine);
    expect([owner.variables.length, guest.variables.length]).toEqual([1, 0]);
    expect([owner.losses.length, guest.losses.length]).toEqual([1, 0]);
    const second = new Owning({ name: 'my_layer' });
    second.apply(x);
    expect(second.mine.name).toBe('my_layer_1/my_var:0');
  });

  test('testCall: a layer is what its call makes, and counts as built after', () => {
    const layer = new Squaring({ name: 'my_layer' });
    const output = layer.apply(input(2));
    expect([layer.built, output.op.name, output.scope]).toEqual([true, 'square', 'my_layer']);
  });

  test('testFirstCallCanCreateVariablesButSecondCanNotWhenBuildEmpty', () => {
    class Late extends Layer {
      override build(): void {}
      call(x: SymbolicTensor): SymbolicTensor {
        const variable = this.addVariable('my_var', [2, 2]);
        if (this.inboundNodes.length > 0) this.addVariable('this_will_break_on_second_call', [2, 2]);
        return add(x, square(reduceSum(variable.node)));
      }
    }
    const layer = new Late({ name: 'late' });
    layer.apply(input(2));
    expect(layer.built).toBe(true);
    expect(layer.variables.map((v) => v.name)).toEqual(['late/my_var:0']);
    expectError(
      () => layer.apply(input(2)),
      ValueError,
      /Variable late\/this_will_break_on_second_call:0 does not exist/,
    );
    expect(layer.variables.map((v) => v.name)).toEqual(['late/my_var:0']);
  });

  test('testScopeNaming: scopes are unique within the scope around them', async () => {
    const fresh = await freshEngine();
    class PrivateLayer extends Squaring {}
    const scopeOf = (options: LayerOptions = {}): string => {
      const layer = new PrivateLayer(options);
      layer.apply(fresh.input({ shape: [2] }));
      return layer.scopeName;
    };
    expect([scopeOf(), scopeOf()]).toEqual(['private_layer', 'private_layer_1']);
    const mine = { name: 'my_layer' };
    expect([scopeOf(mine), scopeOf(mine), scopeOf(mine)]).toEqual(['my_layer', 'my_layer_1', 'my_layer_2']);
    fresh.variableScope('var_scope', {}, () => {
      expect([scopeOf(), scopeOf(mine), scopeOf(mine)]).toEqual([
        'var_scope/private_layer',
        'var_scope/my_layer',
        'var_scope/my_layer_1',
      ]);
    });
    expect([scopeOf(), scopeOf(mine)]).toEqual(['private_layer_2', 'my_layer_3']);
  });

  test('testNameScopeIsConsistentWithVariableScope: nodes carry the layer, variables the scope', async () => {
    const fresh = await freshEngine();
    class Adding extends Layer {
      declare v: Variable;
      override build(): void {
        this.v = this.addVariable('my_var', []);
      }
      call(x: SymbolicTensor): SymbolicTensor {
        return add(x, this.v);
      }
    }
    const names = fresh.variableScope('outer', {}, () =>
      ['a', 'a'].map((name) => {
        const layer = new Adding({ name });
        const y = layer.apply(fresh.input({ shape: [2] }));
        return [y.scope, layer.v.name];
      }),
    );
    expect(names).toEqual([
      ['a', 'outer/a/my_var:0'],
      ['a', 'outer/a_1/my_var:0'],
    ]);
  });

  test('testGetLossesFor: by reachability, each call by itself', () => {
    const layer = new Collecting({});
    const x = input();
    const before = add(x, 1);
    const y = layer.apply(before);
    const counts = (...queries: (SymbolicTensor | null)[]) => queries.map((query) => layer.getLossesFor(query).length);
    expect(layer.losses).toHaveLength(2);
    expect(counts(null, x, before, y)).toEqual([1, 1, 1, 0]);
    const x2 = input();
    const before2 = add(x2, 1);
    const y2 = layer.apply(before2);
    expect(layer.losses).toHaveLength(3);
    expect(counts(null, x, before, y, x2, before2, y2)).toEqual([1, 1, 1, 0, 1, 1, 0]);
  });

  test('testGetUpdateFor: by reachability, each call by itself', () => {
    const layer = new Collecting({});
    const x = input();
    const before = add(x, 1);
    const y = layer.apply(before);
    const counts = (...queries: (SymbolicTensor | null)[]) => queries.map((query) => layer.getUpdatesFor(query).length);
    expect(layer.updates).toHaveLength(2);
    expect(counts(null, x, before, y)).toEqual([1, 1, 1, 0]);
    const x2 = input();
    const y2 = layer.apply(add(x2, 1));
    expect(layer.updates).toHaveLength(3);
    expect(counts(null, x, before, y, x2, y2)).toEqual([1, 1, 1, 0, 1, 0]);
  });
});
