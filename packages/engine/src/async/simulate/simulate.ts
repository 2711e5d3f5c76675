import { checkNumber } from '../../define/plugin/options.js';
import { checkStrategy, type ReplicaStrategy } from '../../define/strategy.js';
import { inPlace, RuntimeError } from '../../errors.js';
import { loadParties } from '../load-parties.js';
import { ReplicaTallies } from '../replica-tallies.js';
import type { ReplicaReport } from '../report.js';
import { CountingStores } from './counting-stores.js';
import { VirtualRun } from './virtual-run.js';
import { checkWorld, type World } from '../../define/world.js';

/** What to simulate, beside the world that it takes place in. */
export interface SimulateOptions extends World {
  /** Default: those of the strategy. */
  readonly replicas?: number;
  /** Batches that the replicas compute between them. */
  readonly batches: number;
  /** Of all weights, for `megabytesPerSecond`. Default: 0. */
  readonly megabytes?: number;
}

/**
 * Predicts throughput, waiting and staleness of a strategy: its own parties run on a virtual clock, without parameters or data.
 *
 * ```ts
 * const report = await simulate(parameterServer({ staleness: 4 }), { replicas: 256, batches: 10_000, computeMs: 20, latencyMs: 0.5 });
 * ```
 */
export async function simulate(strategy: ReplicaStrategy, options: SimulateOptions): Promise<ReplicaReport> {
  checkWorld('simulate', options, ['replicas', 'batches', 'megabytes']);
  inPlace('simulate', () => checkStrategy(strategy));
  const { batches, megabytes = 0, replicas = strategy.replicas ?? 2, ...world } = options;
  inPlace('simulate', () => {
    checkNumber('replicas', replicas, 'a positive integer');
    checkNumber('batches', batches, 'a positive integer');
    checkNumber('megabytes', megabytes, 'a number >= 0');
  });
  const live = Array.from({ length: replicas }, (_, replica) => replica);
  const units = { begin: 0, end: batches };
  const stores = new CountingStores(units);
  const run = new VirtualRun({
    parties: await loadParties(strategy.parties.href),
    options: strategy.options ?? {},
    replicas,
    live,
    world,
    megabytes,
    stores,
    units,
  });
  while (run.step());
  if (!run.finished) {
    throw new RuntimeError(
      `simulate: '${strategy.name}' stands still at ${run.now} ms with batches left to do: ` +
        `${run.lost.size} of ${replicas} replicas have ended`,
      'STANDSTILL',
    );
  }
  const tallies = new ReplicaTallies(strategy.name, replicas, false);
  const shares = [...run.shares.values()].map(({ batches: done, busyMs }) => ({
    batches: done,
    busySeconds: busyMs / 1000,
  }));
  tallies.add({ seconds: run.now / 1000, staleness: stores.staleness.counts, order: [], shares });
  const left = live.filter((replica) => !run.lost.has(replica));
  return tallies.report({ live: left, devices: [], lostShare: 0, partialUpdates: 0 });
}
