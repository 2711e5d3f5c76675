import { inPlace, NotImplementedError, RuntimeError, ValueError } from '../../errors.js';
import type { LayerOptions } from './layer-options.js';
import { LayerLosses } from './layer-losses.js';
import {
  resolveConstraint,
  resolveInitializer,
  resolveRegularizer,
  type ConstraintOption,
  type InitializerOption,
  type RegularizerOption,
} from './named-parts.js';
import { checkOptions } from '../plugin/options.js';
import { partitionOf, type Partition, type Partitioner } from '../variable/partitioner.js';
import { checkedLengths, sameAs } from '../variable/reused-variable.js';
import { formatShape, type DType, type Shape } from '../op/shape.js';
import type { Variable } from '../variable/variable.js';

/** What a layer says of a variable besides its name and shape. */
export interface AddVariableOptions {
  /** Only 'float32', the default. */
  dtype?: DType | null;
  /** Default: that of the variable scope, else 'glorotUniform'. */
  initializer?: InitializerOption | null;
  /** A scalar made of the variable, added to the training loss once. Default: that of the variable scope, else none. */
  regularizer?: RegularizerOption | null;
  /** Default: true. */
  trainable?: boolean;
  /** From the value after each update to the one that is kept. Default: none. */
  constraint?: ConstraintOption | null;
  /** Default: that of the variable scope, else none. */
  partitioner?: Partitioner | null;
}

const ADD_VARIABLE_OPTIONS = ['dtype', 'initializer', 'regularizer', 'trainable', 'constraint', 'partitioner'] as const;

/** A layer's weights. */
export abstract class LayerVariables<O extends LayerOptions = LayerOptions> extends LayerLosses<O> {
  readonly #variables: Variable[] = [];
  /** While the layer is built and called for the first time variables are made; after that they are only found. */
  #making = false;
  #made = false;

  /** Runs the first build and call, or a later call. If the first fails, what it made is taken back. */
  protected allOrNothing<T>(body: () => T): T {
    if (this.#made || this.#making) return body();
    const before = { variables: this.#variables.length, built: this.built, collected: this.collectedSoFar };
    this.#making = true;
    try {
      const result = body();
      this.#made = true;
      return result;
    } catch (error) {
      const { host } = this;
      for (const variable of this.#variables.splice(before.variables)) {
        host.graph.forget(variable);
        host.freeVariable(variable);
      }
      this.takeBack(before.collected);
      this.built = before.built;
      throw error;
    } finally {
      this.#making = false;
    }
  }

  /**
   * Makes the variable `SCOPE/NAME:0`, or gets it when the layer is built or reuses. A reused variable is not listed
   * and not regularized again.
   *
   * @throws RuntimeError while the layer is unbound
   * @throws ValueError for unknown lengths, a name that is taken, or a variable to reuse that is missing or different
   */
  addVariable(name: string, shape: Shape, options: AddVariableOptions = {}): Variable {
    checkOptions(`addVariable '${name}'`, options, ADD_VARIABLE_OPTIONS);
    const { graph } = this.host;
    const scope = this.fixScope();
    const found = (this.built && !this.#making) || this.options.reuse === true;
    const reuse = found ? true : (scope.reuse ?? false);
    const fullName = `${scope.name === '' ? '' : `${scope.name}/`}${name}:0`;
    const lengths = checkedLengths(fullName, shape);
    const partition = this.#partition(fullName, lengths, options, scope.partitioner);
    const existing = graph.variable(fullName);
    if (reuse !== false && existing) return sameAs(existing, lengths, partition);
    if (existing) {
      throw new ValueError(
        `Variable ${fullName} already exists, disallowed. Did you mean to set reuse: true or reuse: 'auto' in the ` +
          `variable scope?`,
        'VARIABLE_EXISTS',
      );
    }
    if (reuse === true) {
      throw new ValueError(
        `Variable ${fullName} does not exist, or was not created with addVariable. Did you mean to set reuse: 'auto' ` +
          `in the variable scope?`,
        'VARIABLE_MISSING',
      );
    }
    const variable = this.#create(fullName, lengths, options, partition, scope.initializer);
    const regularizer = resolveRegularizer(
      this.host,
      `variable '${fullName}'`,
      options.regularizer ?? scope.regularizer ?? null,
    );
    if (regularizer) this.regularize(variable, regularizer);
    return variable;
  }

  #partition(
    name: string,
    shape: readonly number[],
    options: AddVariableOptions,
    ofScope: Partitioner | undefined,
  ): Partition | null {
    const partitioner = options.partitioner ?? ofScope ?? null;
    if (partitioner === null || shape.length === 0) return null;
    if (this.host.graph.eager) {
      if (options.regularizer) {
        throw new RuntimeError(
          'Partitioned variable regularization is not yet supported when executing eagerly. File a feature request if ' +
            'this is important to you.',
          'EAGER',
        );
      }
      throw new NotImplementedError(
        'Partitioned variables are not yet supported when eager execution is enabled.',
        'EAGER',
      );
    }
    return partitionOf(name, partitioner, shape, 'float32');
  }

  #create(
    name: string,
    shape: readonly number[],
    options: AddVariableOptions,
    partition: Partition | null,
    scopeInitializer: InitializerOption | undefined,
  ): Variable {
    const { host } = this;
    const where = `variable '${name}'`;
    const dtype = options.dtype ?? 'float32';
    if (dtype !== 'float32') throw new ValueError(`${where}: dtype must be 'float32'. Received: ${dtype}`, 'OPTION');
    const initializer = options.initializer ?? scopeInitializer ?? 'glorotUniform';
    const spec = {
      name,
      shape,
      partition,
      initializer: resolveInitializer(host, where, initializer),
      trainable: options.trainable ?? true,
      constraint: resolveConstraint(host, where, options.constraint ?? null),
    };
    const variable = inPlace(`${where} ${formatShape(shape)}`, () => host.createVariable(spec));
    host.graph.register(variable, this.trainable);
    this.#variables.push(variable);
    return variable;
  }

  /** Trainable ones, then the others; in the order in which they were made. */
  get variables(): readonly Variable[] {
    return [...this.trainableVariables, ...this.nonTrainableVariables];
  }

  /** Empty while the layer is not trainable. */
  get trainableVariables(): readonly Variable[] {
    return this.trainable ? this.#variables.filter((v) => v.trainable) : [];
  }

  /** While the layer is not trainable all: trainable ones first. */
  get nonTrainableVariables(): readonly Variable[] {
    const others = this.#variables.filter((v) => !v.trainable);
    return this.trainable ? others : [...this.#variables.filter((v) => v.trainable), ...others];
  }

  /** The same as `variables`. */
  get weights(): readonly Variable[] {
    return this.variables;
  }

  /** The same as `trainableVariables`. */
  get trainableWeights(): readonly Variable[] {
    return this.trainableVariables;
  }

  /** The same as `nonTrainableVariables`. */
  get nonTrainableWeights(): readonly Variable[] {
    return this.nonTrainableVariables;
  }

  /** Number of values in the weights. @throws ValueError before the layer is built */
  countParams(): number {
    if (!this.built) {
      throw new ValueError(
        `You tried to call \`countParams\` on ${this.label}, but the layer isn't built. ` +
          `You can build it manually via: \`${this.label}.build(batchInputShape)\`.`,
        'UNBUILT',
      );
    }
    return this.variables.reduce((n, v) => n + v.size, 0);
  }

  /** Copies of the values, in the order of `weights`. @throws RuntimeError while a run that writes is under way */
  getWeights(): Float32Array[] {
    return this.variables.map((variable) => variable.dataSync());
  }

  /**
   * Assigns values in the order of `weights`, all or none.
   *
   * @throws ValueError when their number or sizes do not fit; RuntimeError while a run that writes is under way
   */
  setWeights(values: readonly ArrayLike<number>[]): void {
    const { variables } = this;
    if (values.length !== variables.length) {
      throw new ValueError(
        `${this.place}: setWeights takes ${variables.length} arrays ` +
          `(${variables.map((v) => `${v.name} ${formatShape(v.shape)}`).join(', ')}), got ${values.length}`,
        'WEIGHTS',
      );
    }
    variables.forEach((variable, i) => variable.checkValues(values[i] as ArrayLike<number>));
    variables.forEach((variable, i) => variable.assign(values[i] as ArrayLike<number>));
  }

  /** Gives a copy variables of its own, of the same names and values. @internal */
  protected takeVariablesOf(original: LayerVariables<O>): Map<Variable, Variable> {
    return new Map(
      original.#variables.map((variable) => {
        const values = variable.dataSync();
        const copy = this.host.createVariable({
          name: variable.name,
          shape: variable.shape,
          trainable: variable.trainable,
          constraint: variable.constraint,
          partition: variable.partition,
          initializer: { values: () => values, config: null },
        });
        this.#variables.push(copy);
        return [variable, copy];
      }),
    );
  }
}
