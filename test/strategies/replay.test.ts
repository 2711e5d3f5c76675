import { js } from '@convoy/backend-js';
import {
  createEngine,
  parameterServer,
  simulated,
  type Engine,
  type ParameterServerOptions,
  type ReplicaStrategy,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';

const f = Math.fround;
const UNITS = 4;
const ROWS = 90;
const RATE = 0.3;
const MOMENTUM = 0.9;

/** One input, four outputs, batches of one: each operation of a step rounds once, in an order that there is no choice about. */
const x = Float32Array.from({ length: ROWS }, (_, i) => Math.sin(i * 1.3) + 0.2);
const y = Float32Array.from({ length: ROWS * UNITS }, (_, i) => Math.cos(i * 0.7));

interface Weights {
  readonly kernel: readonly number[];
  readonly bias: readonly number[];
}
type Order = readonly { readonly replica: number; readonly unit: number; readonly version: number }[];

/** The gradient of the mean squared error of one row, in float32. */
function gradient({ kernel, bias }: Weights, row: number): Weights {
  const ofOutput = kernel.map((w, k) => {
    const output = f(f(x[row] * w) + bias[k]);
    return f(f(2 * f(output - y[row * UNITS + k])) / UNITS);
  });
  return { kernel: ofOutput.map((g) => f(x[row] * g)), bias: ofOutput };
}

/** Applies the gradients of one epoch in an order, each computed from the weights of its version, with momentum and bias ≥ 0. */
function replay(start: Weights, order: Order, stalenessAware: boolean): { final: Weights; stalest: number } {
  const zeros = start.kernel.map(() => 0);
  const versions = [start];
  let velocity: Weights = { kernel: zeros, bias: zeros };
  let stalest = 0;
  // The first version that replicas are shown is 1.
  for (const { unit, version } of order) {
    const now = versions.at(-1) as Weights;
    const stale = versions.length - version;
    stalest = Math.max(stalest, stale);
    const rate = stalenessAware ? f(f(RATE) * f(1 / (1 + stale))) : f(RATE);
    const g = gradient(versions[version - 1], unit);
    const next = (of: keyof Weights) => velocity[of].map((v, i) => f(f(v * f(MOMENTUM)) - f(rate * g[of][i])));
    velocity = { kernel: next('kernel'), bias: next('bias') };
    versions.push({
      kernel: now.kernel.map((w, i) => f(w + velocity.kernel[i])),
      bias: now.bias.map((w, i) => Math.max(f(w + velocity.bias[i]), 0)),
    });
  }
  return { final: versions.at(-1) as Weights, stalest };
}

function weightsOf(model: ReturnType<Engine['sequential']>): Weights {
  const [kernel, bias] = model.weights.map((variable) => [...variable.dataSync()]);
  return { kernel, bias };
}

async function train(strategy: ReplicaStrategy) {
  await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
  const model = engine.sequential([dense({ units: UNITS, inputShape: [1], biasConstraint: 'nonNeg' })]);
  model.compile({ optimizer: sgd({ learningRate: RATE, momentum: MOMENTUM }), loss: 'meanSquaredError' });
  const start = weightsOf(model);
  const { report } = await model.fit({ x, y }, { batchSize: 1, shuffle: false, strategy });
  return { start, final: weightsOf(model), order: report?.order ?? [], staleness: report?.staleness ?? [] };
}

const worlds: Record<string, (strategy: ReplicaStrategy) => ReplicaStrategy> = {
  'on threads': (strategy) => strategy,
  'in a simulated world': (strategy) =>
    simulated(strategy, { computeMs: (replica, unit) => 1 + ((unit * 31 + replica * 7) % 11), latencyMs: 0.4 }),
};

describe('a parameter server ends, bit for bit, where a serial replay of its recorded order ends', () => {
  const options: Record<string, ParameterServerOptions> = {
    'one replica': { replicas: 1 },
    'two replicas of staleness 1': { replicas: 2 },
    'four replicas of staleness 3': { replicas: 4, staleness: 3 },
    'four replicas without a bound': { replicas: 4, staleness: Infinity },
    'four replicas whose rate falls with staleness': { replicas: 4, staleness: 3, stalenessAware: true },
  };
  for (const [where, world] of Object.entries(worlds)) {
    for (const [name, asked] of Object.entries(options)) {
      test(`${where}, with ${name}`, async () => {
        const { start, final, order, staleness } = await train(world(parameterServer({ ...asked, record: true })));
        expect(order.map(({ unit }) => unit).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: ROWS }, (_, unit) => unit),
        );
        const expected = replay(start, order, asked.stalenessAware ?? false);
        expect(final).toEqual(expected.final);
        expect(staleness.length - 1).toBe(expected.stalest);
        // Any other order ends elsewhere.
        expect(
          replay(
            start,
            order.toReversed().map((each, i) => ({ ...each, version: i + 1 })),
            false,
          ).final,
        ).not.toEqual(final);
      });
    }
  }

  test('and without being asked keeps no order', async () => {
    await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
    const model = engine.sequential([dense({ units: UNITS, inputShape: [1] })]);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    const { report } = await model.fit({ x, y }, { strategy: parameterServer({ replicas: 2 }) });
    expect(report?.order).toBeNull();
  });
});
