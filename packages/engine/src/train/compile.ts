import { describeValue } from '../define/plugin/describe-value.js';
import type { LayerHost } from '../define/layer/layer-host.js';
import type { Loss, Metric } from '../define/loss.js';
import { callable } from '../define/layer/named-parts.js';
import type { Optimizer } from '../define/optimizer.js';
import { checkOptions } from '../define/plugin/options.js';
import type { PartConfig } from '../define/plugin/plugin.js';
import { inPlace, ValueError } from '../errors.js';

/** How a model is trained: parts, or their names in the engine's plugins. */
export interface CompileOptions {
  /** Such as `adam()`, or 'adam'. */
  readonly optimizer: Optimizer | string;
  /** One for all outputs, or one for each. */
  readonly loss: Loss | string | readonly (Loss | string)[];
  /** Of every output. Default: none. */
  readonly metrics?: readonly (Metric | string)[];
}

export interface Compiled {
  readonly optimizer: Optimizer;
  /** One for each output. */
  readonly losses: readonly Loss[];
  readonly metrics: readonly Metric[];
}

/** @throws ValueError for what is missing or no such part, and losses that are not one for each output */
export function resolveCompile(host: LayerHost, options: CompileOptions, outputs: number): Compiled {
  checkOptions('compile', options, ['optimizer', 'loss', 'metrics']);
  return inPlace('compile', () => {
    const { optimizer, loss, metrics = [] } = options;
    if (optimizer === undefined || loss === undefined) {
      throw new ValueError("'optimizer' and 'loss' are needed", 'OPTION');
    }
    const losses: readonly unknown[] = Array.isArray(loss) ? loss : Array.from({ length: outputs }, () => loss);
    if (losses.length !== outputs) {
      const [one, many] = [counted(outputs, 'output', 'outputs'), counted(losses.length, 'loss', 'losses')];
      throw new ValueError(`the model has ${one}, got ${many}; give one for each output`, 'OPTION');
    }
    if (!Array.isArray(metrics)) {
      throw new ValueError(`metrics must be a list, got ${describeValue(metrics)}`, 'OPTION');
    }
    return {
      optimizer: resolved<Optimizer>(host, 'optimizer', optimizer),
      losses: losses.map((each) => resolved<Loss>(host, 'loss', each)),
      metrics: metrics.map((metric) => resolved<Metric>(host, 'metric', metric)),
    };
  });
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

const DEFINED_BY = {
  optimizer: 'an optimizer (see defineOptimizer)',
  loss: 'a loss (see defineLoss)',
  metric: 'a metric (see defineMetric)',
};

/** A value as it is; a name through the plugins. */
function resolved<T extends { readonly config: PartConfig }>(
  host: LayerHost,
  kind: keyof typeof DEFINED_BY,
  given: unknown,
): T {
  const value = typeof given === 'string' ? callable<() => T>(host.lookup(kind, given))() : (given as T | null);
  if (typeof value === 'object' && value?.config?.part.kind === kind) return value;
  throw new ValueError(`${kind} must be ${DEFINED_BY[kind]} or the name of one, got ${describeValue(value)}`, 'OPTION');
}
