/** The smallest model with a place for each kind of part: dense, the part, dense; 16 examples of 2 numbers. */
import { js } from '@convoy/backend-js';
import {
  createEngine,
  type ActivationOption,
  type ConstraintOption,
  type Engine,
  type EngineOptions,
  type InitializerOption,
  type Layer,
  type Loss,
  type Metric,
  type Model,
  type Optimizer,
} from '@convoy/engine';
import { activation, dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect } from 'vitest';

export const data = {
  x: Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: 32 }, (_, i) => Math.cos(i)),
};

export interface Parts {
  readonly activation?: ActivationOption;
  readonly layer?: Layer;
  readonly optimizer?: Optimizer | string;
  readonly constraint?: ConstraintOption;
  readonly initializer?: InitializerOption;
  readonly loss?: Loss | string;
  readonly metrics?: readonly (Metric | string)[];
}

/** Uses an engine of two threads, and disposes it whatever happens. */
export async function withEngine<T>(options: Partial<EngineOptions>, use: (engine: Engine) => Promise<T> | T) {
  const engine = await createEngine({ backend: js(), workers: 2, seed: 1, ...options });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

/** The part is in the second layer, whose name is 'odd'. */
export function modelOf(engine: Engine, parts: Parts): Model {
  const { constraint = null, initializer = 'glorotUniform' } = parts;
  const model = engine.sequential([
    dense({ units: 3, inputShape: [2], kernelConstraint: constraint, kernelInitializer: initializer }),
    parts.layer ?? activation({ name: 'odd', activation: parts.activation ?? 'linear' }),
    dense({ units: 2 }),
  ]);
  const { optimizer = sgd({ learningRate: 0.1 }), loss = 'meanSquaredError', metrics = [] } = parts;
  model.compile({ optimizer, loss, metrics });
  return model;
}

/** A copy of every weight. */
export function valuesOf(model: Model): Float32Array[] {
  return model.weights.map((variable) => variable.dataSync());
}

/** Builds, compiles and trains for one epoch; a model that is refused must be so before any thread starts. */
export function train(parts: Parts): Promise<void> {
  return withEngine({}, async (engine) => {
    let threads = 0;
    const count = (): number => threads++;
    process.on('worker', count);
    try {
      await modelOf(engine, parts).fit(data, { batchSize: 4 });
    } catch (error) {
      expect(threads).toBe(0);
      throw error;
    } finally {
      process.off('worker', count);
    }
  });
}
