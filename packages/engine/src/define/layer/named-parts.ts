/** Options that take a part: by name (looked up in the engine's plugins), as the value itself, or as a function. */
import { inPlace, ValueError } from '../../errors.js';
import type { Activation } from '../activation.js';
import type { Constraint } from '../constraint.js';
import { describeValue } from '../plugin/describe-value.js';
import type { Initializer, InitializerInput } from '../initializer.js';
import type { LayerHost } from './layer-host.js';
import type { Part, PartKind } from '../plugin/plugin.js';
import type { Regularizer } from '../regularizer.js';
import { formatShape, sizeOf } from '../op/shape.js';
import type { SymbolicTensor } from '../op/symbolic-tensor.js';

/** The name of an initializer in the engine's plugins, a made one, or a bare function, which cannot be saved. */
export type InitializerOption = string | Initializer | ((input: InitializerInput) => Float32Array);
/** The name of an op in the engine's plugins, an op of one input, or a bare function in ops, which cannot be saved. */
export type ActivationOption = string | Activation;
/** The name of a constraint in the engine's plugins, a made one, or a function in ops, which cannot be saved. */
export type ConstraintOption = string | Constraint | ((value: SymbolicTensor) => SymbolicTensor);
/** The name of a regularizer in the engine's plugins, a made one, or a function in ops, which cannot be saved. */
export type RegularizerOption = string | Regularizer | ((value: SymbolicTensor) => SymbolicTensor);

/**
 * The function in ops that an activation option stands for, to be applied in `call`.
 *
 * @throws ValueError when no plugin of the engine has the name, or the value is neither an op nor a function
 */
export function resolveActivation(host: LayerHost, given: ActivationOption): Activation {
  const value: unknown = typeof given === 'string' ? host.lookup('op', given) : given;
  const isPart = typeof value === 'function' && 'kind' in value;
  if (typeof value !== 'function' || (isPart && value.kind !== 'op')) {
    throw new ValueError(`activation must be a name, an op or a function, got ${describeValue(value)}`, 'OPTION');
  }
  const call = value as Activation;
  const place = isPart ? `activation '${call.name}', called on one input` : 'activation';
  return (x) => inPlace(place, () => call(x));
}

export function resolveInitializer(host: LayerHost, where: string, given: InitializerOption): Initializer {
  const initializer = resolved<Initializer>(host, where, 'initializer', 'values', given, (bare) => ({
    values: bare as Initializer['values'],
    config: null,
  }));
  return { config: initializer.config, values: (input) => checkedValues(initializer, input) };
}

function checkedValues(initializer: Initializer, input: InitializerInput): Float32Array {
  const given: unknown = initializer.values(input);
  const size = sizeOf(input.shape);
  if (given instanceof Float32Array && given.length === size) return given;
  const name = initializer.config ? `initializer '${initializer.config.part.name}'` : 'the initializer';
  throw new ValueError(
    `${name} must give a Float32Array of the ${size} values of ${formatShape(input.shape)}, got ` +
      (given instanceof Float32Array ? `${given.length} values` : describeValue(given)),
    'INITIALIZER',
  );
}

export function resolveConstraint(host: LayerHost, where: string, given: ConstraintOption | null): Constraint | null {
  return given === null
    ? null
    : resolved<Constraint>(host, where, 'constraint', 'project', given, (bare) => ({
        project: bare as Constraint['project'],
        config: null,
      }));
}

export function resolveRegularizer(
  host: LayerHost,
  where: string,
  given: RegularizerOption | null,
): Regularizer | null {
  return given === null
    ? null
    : resolved<Regularizer>(host, where, 'regularizer', 'penalty', given, (bare) => ({
        penalty: bare as Regularizer['penalty'],
        config: null,
      }));
}

/** Options of layers that take the name of a part: `activation`, and those that end in these words. */
const OPTION_KINDS: readonly (readonly [ending: RegExp, kind: PartKind])[] = [
  [/^activation$/, 'op'],
  [/[iI]nitializer$/, 'initializer'],
  [/[rR]egularizer$/, 'regularizer'],
  [/[cC]onstraint$/, 'constraint'],
];

/** For storing: a name from a plugin of the user's becomes the part that it names, so that the plugin is stored too. */
export function withoutName(host: LayerHost, option: string, value: unknown): unknown {
  const kind = OPTION_KINDS.find(([ending]) => ending.test(option))?.[1];
  if (kind === undefined || typeof value !== 'string') return value;
  const part = host.lookup(kind, value);
  if (part.home.plugin?.name === 'engine/standard') return value;
  return kind === 'op' ? part : callable<() => unknown>(part)();
}

/** What a name means, the value itself, or a bare function in its place, which can't be saved. */
function resolved<T extends object>(
  host: LayerHost,
  where: string,
  kind: PartKind,
  method: keyof T & string,
  given: string | T | ((input: never) => unknown),
  made: (bare: (input: never) => unknown) => T,
): T {
  const value: unknown =
    typeof given === 'string' ? inPlace(where, () => callable<() => T>(host.lookup(kind, given))()) : given;
  if (typeof value === 'function' && !('kind' in value)) return made(value as (input: never) => unknown);
  if (typeof value === 'object' && value !== null && method in value) return value as T;
  throw new ValueError(
    `${where}: the ${kind} must be a name, a function, or a value such as ${kind}s.name(), got ${describeValue(value)}`,
    'OPTION',
  );
}

/** A part's call signature follows from its kind, which `lookup` has checked. */
export function callable<F>(part: Part): F {
  return part as Part & F;
}
