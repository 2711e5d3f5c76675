import { fileURLToPath } from 'node:url';
import { ValueError } from '@convoy/engine';
import type { ArgsDef, ParsedArgs } from 'citty';
import { integer, refuseUnknown } from '../command/check-arguments.js';
import { contenders } from './contenders.js';

export const optionArguments = {
  replicas: {
    type: 'string',
    valueHint: 'N,…',
    description: 'Numbers of replicas, each a column; 1,2,4 if not given, 2,4 beside --slow',
  },
  strategies: {
    type: 'string',
    valueHint: 'NAME,…',
    description: `Some of: ${contenders.map(({ id }) => id).join(', ')}`,
  },
  slow: { type: 'string', valueHint: 'TIMES', default: '1', description: 'One replica takes so many times as long' },
  epochs: { type: 'string', valueHint: 'N', default: '2', description: 'Passes over the training images' },
  images: { type: 'string', valueHint: 'N', description: 'Images to train on, all if not given' },
  'batch-size': { type: 'string', valueHint: 'N', default: '32', description: 'Images of a batch of one replica' },
  seed: { type: 'string', valueHint: 'N', default: '1', description: 'Of weights and order' },
  data: { type: 'string', valueHint: 'DIR', description: 'IDX files to train on: MNIST, Fashion-MNIST, gzip or not' },
  out: { type: 'string', valueHint: 'DIR', description: 'Where pictures are written, examples/out/async if not given' },
} as const satisfies ArgsDef;

export interface Options {
  readonly replicas: readonly number[];
  /** Ids of contenders. */
  readonly strategies: readonly string[];
  readonly slow: number;
  readonly epochs: number;
  /** Undefined: all. */
  readonly images: number | undefined;
  readonly batchSize: number;
  readonly seed: number;
  /** A folder of IDX files; undefined for the digits that npm installed. */
  readonly data: string | undefined;
  readonly out: string;
}

/** @throws ValueError for unknown options, arguments without one, and values that are not what the option takes */
export function optionsOf(args: ParsedArgs<typeof optionArguments>): Options {
  refuseUnknown(optionArguments, args);
  const slow = factor('slow', args.slow);
  const usual = contenders.filter(({ forSlow = false }) => slow > 1 || !forSlow).map(({ id }) => id);
  return {
    // One replica alone is slow under any strategy.
    replicas: listOf(args.replicas ?? (slow > 1 ? '2,4' : '1,2,4')).map((text) => integer('replicas', text, 1)),
    strategies: args.strategies === undefined ? usual : listOf(args.strategies).map(knownId),
    slow,
    epochs: integer('epochs', args.epochs, 1),
    images: args.images === undefined ? undefined : integer('images', args.images, 1),
    batchSize: integer('batch-size', args['batch-size'], 1),
    seed: integer('seed', args.seed, 0),
    data: args.data,
    out: args.out ?? fileURLToPath(new URL('../../out/async', import.meta.url)),
  };
}

function listOf(text: string): string[] {
  return [...new Set(text.split(','))];
}

function knownId(id: string): string {
  const ids = contenders.map((each) => each.id);
  if (ids.includes(id)) return id;
  throw new ValueError(`--strategies must be some of ${ids.join(', ')}, got '${id}'`, 'OPTION');
}

function factor(name: string, text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 1) return value;
  throw new ValueError(`--${name} must be a number from 1 on, got '${text}'`, 'OPTION');
}
