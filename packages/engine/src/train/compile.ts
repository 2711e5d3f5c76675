import { callable } from '../define/named-parts.js';
import type { LayerHost } from '../define/layer-host.js';
import type { Loss, Metric } from '../define/loss.js';
import type { Optimizer } from '../define/optimizer.js';
import type { PartKind } from '../define/plugin.js';
import { checkOptions } from '../define/options.js';
import { ValueError } from '../errors.js';

export interface CompileOptions {
  readonly optimizer: Optimizer | string;
  /** One for all outputs, or one for each. */
  readonly loss: Loss | string | readonly (Loss | string)[];
  readonly metrics?: readonly (Metric | string)[];
}

export interface Compiled {
  readonly optimizer: Optimizer;
  /** One for each output. */
  readonly losses: readonly Loss[];
  readonly metrics: readonly Metric[];
}

export function resolveCompile(host: LayerHost, options: CompileOptions, outputs: number): Compiled {
  checkOptions('compile', options, ['optimizer', 'loss', 'metrics']);
  if (options.optimizer === undefined || options.loss === undefined) {
    throw new ValueError("compile: 'optimizer' and 'loss' are needed", 'OPTION');
  }
  const given = Array.isArray(options.loss) ? options.loss : Array.from({ length: outputs }, () => options.loss);
  if (given.length !== outputs) {
    throw new ValueError(
      `compile: the model has ${outputs} outputs, got ${given.length} losses; give one for each`,
      'OPTION',
    );
  }
  return {
    optimizer: resolved<Optimizer>(host, 'optimizer', options.optimizer, 'update'),
    losses: given.map((loss) => resolved<Loss>(host, 'loss', loss as Loss | string, 'perExample')),
    metrics: (options.metrics ?? []).map((metric) => resolved<Metric>(host, 'metric', metric, 'perExample')),
  };
}

/** A value as it is; a name through the plugins. */
function resolved<T extends object>(host: LayerHost, kind: PartKind, given: T | string, mark: string): T {
  const value = typeof given === 'string' ? callable<() => T>(host.lookup(kind, given))() : given;
  if (typeof value !== 'object' || value === null || !(mark in value)) {
    throw new ValueError(
      `compile: ${kind} must be a name or a value made by a ${kind}; a factory must be called, as in ${kind}s.name()`,
      'OPTION',
    );
  }
  return value;
}
