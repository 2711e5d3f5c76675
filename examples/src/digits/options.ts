import { fileURLToPath } from 'node:url';
import { ValueError } from '@convoy/engine';
import type { ArgsDef, ParsedArgs } from 'citty';

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
  refuseUnknown(args);
  return {
    data: args.data,
    epochs: integer('epochs', args.epochs, 1),
    batchSize: integer('batch-size', args['batch-size'], 1),
    seed: integer('seed', args.seed, 0),
    workers: args.workers === 'auto' || args.workers === 'inline' ? args.workers : integer('workers', args.workers, 1),
    out: args.out ?? fileURLToPath(new URL('../../out/digits', import.meta.url)),
  };
}

/** What citty passes on: keys that nobody defined, words that belong to no option, and options without a value. */
function refuseUnknown(args: ParsedArgs<typeof optionArguments>): void {
  // citty adds the camel-case name of each option.
  const known = new Set(Object.keys(optionArguments).flatMap((name) => [name, camelCase(name)]));
  for (const [name, value] of Object.entries(args)) {
    if (name === '_') continue;
    if (!known.has(name)) throw new ValueError(`unknown option --${name}; --help lists the options`, 'OPTION');
    if (value === '' || typeof value === 'boolean') {
      throw new ValueError(`--${name} needs a value; --help lists the options`, 'OPTION');
    }
  }
  if (args._.length > 0) {
    throw new ValueError(`'${args._[0]}' belongs to no option; --help lists the options`, 'OPTION');
  }
}

function integer(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new ValueError(`--${name} must be an integer from ${least} on, got '${text}'`, 'OPTION');
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
