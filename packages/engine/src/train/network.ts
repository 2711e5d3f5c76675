import { describeValue } from '../define/plugin/describe-value.js';
import type { Layer } from '../define/layer/layer.js';
import { isPlaceholder, placeholderName } from '../define/op/placeholder.js';
import { formatShape, isBatched } from '../define/op/shape.js';
import { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Update } from '../define/layer/update.js';
import type { Variable } from '../define/variable/variable.js';
import { ValueError } from '../errors.js';
import { topological } from '../define/op/dependence.js';

/** The graph between a model's inputs and outputs, and the layers in it. */
export class Network {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** In the order in which data passes through them. */
  readonly layers: readonly Layer[];
  readonly #nodes: ReadonlySet<SymbolicTensor>;

  /** @throws ValueError when an output needs an input that is not listed, or two inputs or variables share a name */
  constructor(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]) {
    inputs.forEach((input, i) => checkSymbolic(`input ${i} in 'inputs'`, input));
    outputs.forEach((output, i) => checkOutput(`output ${i} in 'outputs'`, output));
    if (outputs.length === 0) throw new ValueError('model: at least one output is needed', 'MODEL');
    const order = topological(outputs);
    for (const node of order) {
      if (isPlaceholder(node) && !inputs.includes(node)) {
        throw new ValueError(
          `model: its outputs depend on the input '${placeholderName(node)}' ` +
            `${formatShape(node.shape)}, which is not listed in inputs`,
          'MODEL_INPUTS',
        );
      }
    }
    if (!inputs.every(isPlaceholder)) {
      throw new ValueError('model: its inputs must be made by engine.input, not by a layer or an op', 'MODEL_INPUTS');
    }
    this.inputs = inputs;
    this.outputs = outputs;
    this.#nodes = new Set([...order, ...inputs]);
    this.layers = [...new Set(order.flatMap((node) => node.inboundNode?.layer ?? []))];
    this.#refuseTwins('input', inputs.map(placeholderName), 'data is matched by name, so give them different names');
    this.#refuseTwins(
      'variable',
      this.variables.map((v) => v.name),
      'weights are saved by name, so give their layers different names',
    );
  }

  /** Those of the layers, then those that a layer reuses and nobody here owns. */
  get variables(): readonly Variable[] {
    return [...new Set([...this.#owned, ...this.strangers])];
  }

  get trainable(): readonly Variable[] {
    const reused = this.strangers.filter((variable) => variable.trainable);
    return [...new Set([...this.layers.flatMap((layer) => layer.trainableWeights), ...reused])];
  }

  get #owned(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.weights);
  }

  /** Variables that a layer reuses and no layer here owns. */
  get strangers(): readonly Variable[] {
    const owned = new Set(this.#owned);
    return [...this.#nodes].flatMap(({ variable }) => (variable && !owned.has(variable) ? [variable] : []));
  }

  /** Scalars that the layers add to the training loss, for the calls that are part of this network. */
  get losses(): readonly SymbolicTensor[] {
    return [...new Set(this.layers.flatMap((layer) => layer.collectedFor(this.#isPart).losses))];
  }

  /** Next values that the layers give variables, for the calls that are part of this network. */
  get updates(): readonly Update[] {
    return [...new Set(this.layers.flatMap((layer) => layer.collectedFor(this.#isPart).updates))];
  }

  /** Whether a value is made of the network's own tensors: not of an input or a layer call outside of it. */
  readonly #isPart = (value: SymbolicTensor): boolean =>
    topological([value], this.#nodes).every((node) => !isPlaceholder(node) && node.inboundNode === null);

  #refuseTwins(what: string, names: readonly string[], why: string): void {
    const twin = names.find((name, i) => names.indexOf(name) !== i);
    if (twin !== undefined) throw new ValueError(`model: two ${what}s are called '${twin}'; ${why}`, 'NAME');
  }
}

function checkSymbolic(what: string, given: unknown): asserts given is SymbolicTensor {
  if (given instanceof SymbolicTensor) return;
  throw new ValueError(
    `model: ${what} must be a symbolic tensor, as engine.input and layer.apply make, got ${describeValue(given)}`,
    'MODEL',
  );
}

function checkOutput(what: string, given: unknown): void {
  checkSymbolic(what, given);
  if (isBatched(given.shape)) return;
  const layer = given.scope === null ? '' : ` of layer '${given.scope}'`;
  throw new ValueError(
    `model: ${what}${layer} has shape ${formatShape(given.shape)}; it must be [batch, …], a row for each example`,
    'MODEL',
  );
}
