import { add, Layer, mul, reduceSum } from '@convoy/engine';
import type { ConstraintOption, Engine, LayerOptions, Optimizer, SymbolicTensor, Variable } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';

interface HeldOptions extends LayerOptions {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly constraint: ConstraintOption;
  /** How much of the variable's sum is added to the input. */
  readonly share: number;
}

/** Holds one variable under a constraint. */
class Held extends Layer<HeldOptions> {
  declare variable: Variable;

  override build(): void {
    const { values, shape, constraint } = this.options;
    this.variable = this.addVariable('w', shape, { initializer: () => values, constraint });
  }

  call(x: SymbolicTensor): SymbolicTensor {
    return add(x, mul(reduceSum(this.variable.node), this.options.share));
  }
}

/** What a constraint makes of a value: the variable after a step whose gradient is zero. */
export async function projected(
  engine: Engine,
  constraint: ConstraintOption,
  values: ArrayLike<number>,
  shape: readonly number[],
): Promise<Float32Array> {
  const held = new Held({ inputShape: [1], values: Float32Array.from(values), shape, constraint, share: 0 });
  const model = engine.sequential([held]);
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
  await model.fit({ x: Float32Array.of(0), y: Float32Array.of(0) });
  return held.variable.dataSync();
}

/** The variable after each of some steps towards a target that lies far away. */
export async function afterEachStep(
  engine: Engine,
  constraint: ConstraintOption,
  values: ArrayLike<number>,
  shape: readonly number[],
  training: { readonly optimizer: Optimizer; readonly steps: number; readonly target: number },
): Promise<Float32Array[]> {
  const { optimizer, steps, target } = training;
  const held = new Held({ inputShape: [1], values: Float32Array.from(values), shape, constraint, share: 0.1 });
  const model = engine.sequential([held]);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const seen: Float32Array[] = [];
  const data = { x: new Float32Array(steps), y: new Float32Array(steps).fill(target) };
  await model.fit(data, {
    batchSize: 1,
    stepsPerFence: 1,
    callbacks: { onFence: () => void seen.push(held.variable.dataSync()) },
  });
  return [...seen, held.variable.dataSync()];
}
