/** Options that take a part: by name (looked up in the engine's plugins), as the value itself, or as a function. */
import { ValueError } from '../errors.js';
import type { Activation } from './activation.js';
import type { Constraint } from './constraint.js';
import type { Initializer, InitializerInput } from './initializer.js';
import type { LayerHost } from './layer-host.js';
import type { Part, PartKind } from './plugin.js';
import type { Regularizer } from './regularizer.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

export type InitializerOption = string | Initializer | ((input: InitializerInput) => Float32Array);
export type ActivationOption = string | Activation;
export type ConstraintOption = string | Constraint | ((value: SymbolicTensor) => SymbolicTensor);
export type RegularizerOption = string | Regularizer | ((value: SymbolicTensor) => SymbolicTensor);

export function resolveActivation(host: LayerHost, given: ActivationOption): Activation {
  return typeof given === 'string' ? callable<Activation>(host.lookup('op', given)) : given;
}

export function resolveInitializer(host: LayerHost, where: string, given: InitializerOption): Initializer {
  return resolved<Initializer>(host, where, 'initializer', 'values', given, (bare) => ({
    values: bare as Initializer['values'],
    config: null,
  }));
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

/** What a name means, the value itself, or a bare function in its place, which can't be saved. */
function resolved<T extends object>(
  host: LayerHost,
  where: string,
  kind: PartKind,
  method: keyof T & string,
  given: string | T | ((input: never) => unknown),
  made: (bare: (input: never) => unknown) => T,
): T {
  const value: unknown = typeof given === 'string' ? callable<() => T>(host.lookup(kind, given))() : given;
  if (typeof value === 'function' && !('kind' in value)) return made(value as (input: never) => unknown);
  if (typeof value === 'object' && value !== null && method in value) return value as T;
  throw new ValueError(
    `${where}: the ${kind} must be a name, a function, or a value such as ${kind}s.name(); a factory must be called`,
    'OPTION',
  );
}

/** A part's call signature follows from its kind, which `lookup` has checked. */
export function callable<F>(part: Part): F {
  return part as Part & F;
}
