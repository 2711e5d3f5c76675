import type { InitializerOption, RegularizerOption } from '../layer/named-parts.js';
import type { Partitioner } from './partitioner.js';

/** Defaults for the variables that are made in a scope; a scope named inside it inherits them. */
export interface ScopeOptions {
  /**
   * Whether variables are those that exist already: true, false, or 'auto' for those that do. Default: as the scope
   * outside has it.
   */
  readonly reuse?: boolean | 'auto';
  /** For variables that name no initializer. */
  readonly initializer?: InitializerOption;
  /** For variables that name no regularizer. */
  readonly regularizer?: RegularizerOption;
  /** For variables that name no partitioner. */
  readonly partitioner?: Partitioner;
}

/** A prefix of variable names, with defaults for the variables made in it. */
export interface VariableScope extends ScopeOptions {
  /** 'outer/inner'; '' is the root. */
  readonly name: string;
}

export const ROOT_SCOPE: VariableScope = { name: '' };

/** The scopes of one graph: which one is open, and how often each name was used. */
export class ScopeStack {
  readonly #open: VariableScope[] = [ROOT_SCOPE];
  readonly #uses = new Map<string, number>();

  get current(): VariableScope {
    return this.#open.at(-1) ?? ROOT_SCOPE;
  }

  /** Runs `body` inside a scope; names of scopes below it are free again afterwards. */
  within<T>(scope: VariableScope, body: (scope: VariableScope) => T): T {
    this.#open.push(scope);
    try {
      return body(scope);
    } finally {
      this.#open.pop();
      for (const name of this.#uses.keys()) if (name.startsWith(`${scope.name}/`)) this.#uses.delete(name);
    }
  }

  /** The scope of that name below the current one, or a scope that was made before, with changed defaults. */
  enter(given: string | VariableScope, options: ScopeOptions = {}): VariableScope {
    const { current } = this;
    const base = typeof given === 'string' ? { ...current, name: below(current, given) } : given;
    this.#uses.set(base.name, (this.#uses.get(base.name) ?? 0) + 1);
    return { ...base, ...options };
  }

  /** A scope below the current one whose name nobody has used: 'conv2d', then 'conv2d_1', …. */
  enterUnique(base: string): VariableScope {
    let name = base;
    for (let i = 1; this.#uses.has(below(this.current, name)); i++) name = `${base}_${i}`;
    return this.enter(name);
  }
}

function below(outer: VariableScope, name: string): string {
  return outer.name === '' ? name : `${outer.name}/${name}`;
}
