import { describeValue } from './plugin/describe-value.js';
import { checkNumber, checkOptions } from './plugin/options.js';
import { inPlace, ValueError } from '../errors.js';

/** A message under way, for a latency that depends on it. */
export interface Link {
  readonly from: number | 'owner';
  readonly to: number | 'owner';
  /** What the strategy's parties say to each other. */
  readonly message: unknown;
  /** Virtual milliseconds. */
  readonly now: number;
}

/** The machines and the network that a simulated run takes place on. */
export interface World {
  /** Milliseconds in which a replica computes a batch, fixed or drawn by the function. */
  readonly computeMs: number | ((replica: number, unit: number) => number);
  /** Milliseconds of a message. Default: 0. */
  readonly latencyMs?: number | ((link: Link) => number);
  /** Of the owner's link, which all replicas share. Default: Infinity, weights and gradients move in no time. */
  readonly megabytesPerSecond?: number;
  /** Milliseconds of the owner for an update, an average, a meeting. Default: 0. */
  readonly updateMs?: number;
  /** Replicas that end, and when in virtual milliseconds. */
  readonly losses?: readonly { readonly replica: number; readonly atMs: number }[];
}

const WORLD = ['computeMs', 'latencyMs', 'megabytesPerSecond', 'updateMs', 'losses'] as const;

/** @throws ValueError for what no run can take place on; keys in `also` are somebody else's */
export function checkWorld(where: string, world: World, also: readonly string[] = []): void {
  checkOptions(where, world, [...WORLD, ...also]);
  inPlace(where, () => {
    for (const name of ['computeMs', 'latencyMs', 'updateMs'] as const) {
      const value = world[name] ?? (name === 'computeMs' ? Number.NaN : 0);
      if (typeof value !== 'function') checkNumber(name, value, 'a number >= 0');
    }
    const { megabytesPerSecond = Infinity } = world;
    if (!(megabytesPerSecond > 0)) {
      throw new ValueError(
        `megabytesPerSecond must be a number above 0, got ${describeValue(megabytesPerSecond)}`,
        'OPTION',
      );
    }
  });
}
