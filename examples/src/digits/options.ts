import { fileURLToPath } from 'node:url';
import type { ArgsDef, ParsedArgs } from 'citty';
import { integer, refuseUnknown } from '../command/check-arguments.js';

export const optionArguments = {
  data: { type: 'string', valueHint: 'DIR', description: 'IDX files to train on: MNIST, Fashion-MNIST, gzip or not' },
  epochs: { type: 'string', valueHint: 'N', default: '8', description: 'Passes over the training images' },
  'batch-size': { type: 'string', valueHint: 'N', default: '64', description: 'Images of a step' },
  seed: { type: 'string', valueHint: 'N', default: '1', description: 'Of weights, order and dropout' },
  workers: { type: 'string', valueHint: 'N|auto|inline', default: 'auto', description: 'Threads that compute' },
  out: { type: 'string', valueHint: 'DIR', description: 'Where the model is saved, examples/out/digits if not given' },
} as const satisfies ArgsDef;

export interface Options {
  /** A folder of IDX files; undefined for the digits that npm installed. */
  readonly data: string | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly workers: number | 'auto' | 'inline';
  readonly out: string;
}

/** @throws ValueError for unknown options, arguments without one, and values that are not what the option takes */
export function optionsOf(args: ParsedArgs<typeof optionArguments>): Options {
  refuseUnknown(optionArguments, args);
  return {
    data: args.data,
    epochs: integer('epochs', args.epochs, 1),
    batchSize: integer('batch-size', args['batch-size'], 1),
    seed: integer('seed', args.seed, 0),
    workers: args.workers === 'auto' || args.workers === 'inline' ? args.workers : integer('workers', args.workers, 1),
    out: args.out ?? fileURLToPath(new URL('../../out/digits', import.meta.url)),
  };
}
