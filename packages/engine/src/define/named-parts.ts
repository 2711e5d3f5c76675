/** Options that take a part: by name (looked up in the engine's plugins), as the value itself, or as a function. */
import { ValueError } from '../errors.js';
import type { Activation } from './activation.js';
import type { Constraint } from './constraint.js';
import type { Initializer } from './initializer.js';
import type { LayerHost } from './layer-host.js';
import type { Part } from './plugin.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

export type InitializerOption = string | Initializer;
export type ActivationOption = string | Activation;
export type ConstraintOption = string | Constraint | ((value: SymbolicTensor) => SymbolicTensor);

export function resolveActivation(host: LayerHost, given: ActivationOption): Activation {
  return typeof given === 'string' ? callable<Activation>(host.lookup('op', given)) : given;
}

export function resolveInitializer(host: LayerHost, where: string, given: InitializerOption): Initializer {
  const made = typeof given === 'string' ? callable<() => Initializer>(host.lookup('initializer', given))() : given;
  if (typeof made?.values !== 'function') {
    throw new ValueError(
      `${where}: initializer must be a name or a value such as initializers.glorotUniform(); a factory must be called`,
      'INITIALIZER',
    );
  }
  return made;
}

export function resolveConstraint(host: LayerHost, given: ConstraintOption | null): Constraint | null {
  if (given === null) return null;
  if (typeof given === 'string') return callable<() => Constraint>(host.lookup('constraint', given))();
  return typeof given === 'function' ? { project: given, config: null } : given;
}

/** A part's call signature follows from its kind, which `lookup` has checked. */
export function callable<F>(part: Part): F {
  return part as Part & F;
}
