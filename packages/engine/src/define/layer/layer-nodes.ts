import { AttributeError, RuntimeError, ValueError } from '../../errors.js';
import type { InboundNode } from './inbound-node.js';
import type { LayerOptions } from './layer-options.js';
import { LayerVariables } from './layer-variables.js';
import type { OneOrMany } from '../plugin/one-or-many.js';
import { sameShape, type Shape } from '../op/shape.js';
import type { SymbolicTensor } from '../op/symbolic-tensor.js';

type Side = 'input' | 'output';

/** Where a layer stands in graphs: one inbound node for each call on symbolic tensors. */
export abstract class LayerNodes<O extends LayerOptions = LayerOptions> extends LayerVariables<O> {
  /** One for each call on symbolic tensors, in order. */
  readonly inboundNodes: InboundNode[] = [];

  /**
   * The input of the layer's only call; a list when it has several.
   *
   * @throws AttributeError when it was never called or several times; RuntimeError in eager mode
   */
  get input(): OneOrMany<SymbolicTensor> {
    return oneOrMany(this.#only('input').inputs);
  }

  /** As `input`, of the output. */
  get output(): OneOrMany<SymbolicTensor> {
    return oneOrMany(this.#only('output').outputs);
  }

  /**
   * Shape of the input, `null` for the batch, when all calls agree; a list when it has several.
   *
   * @throws AttributeError when it was never called, or on different shapes; RuntimeError in eager mode
   */
  get inputShape(): OneOrMany<Shape> {
    return this.#agreedShape('input');
  }

  /** As `inputShape`, of the output. */
  get outputShape(): OneOrMany<Shape> {
    return this.#agreedShape('output');
  }

  /**
   * The input of one call, counted from 0; a list when it has several.
   *
   * @throws ValueError when there is no such call; RuntimeError when there is none, or in eager mode
   */
  getInputAt(nodeIndex: number): OneOrMany<SymbolicTensor> {
    return oneOrMany(this.#at(nodeIndex, 'getInputAt', 'input').inputs);
  }

  /** The output of one call, counted from 0. @throws as `getInputAt` */
  getOutputAt(nodeIndex: number): OneOrMany<SymbolicTensor> {
    return oneOrMany(this.#at(nodeIndex, 'getOutputAt', 'output').outputs);
  }

  /** Shape of the input of one call, `null` for the batch; a list when it has several. @throws as `getInputAt` */
  getInputShapeAt(nodeIndex: number): OneOrMany<Shape> {
    return oneOrMany(this.#at(nodeIndex, 'getInputShapeAt', 'input shape').inputs.map((x) => x.shape));
  }

  /** Shape of the output of one call, `null` for the batch. @throws as `getInputAt` */
  getOutputShapeAt(nodeIndex: number): OneOrMany<Shape> {
    return oneOrMany(this.#at(nodeIndex, 'getOutputShapeAt', 'output shape').outputs.map((x) => x.shape));
  }

  #only(side: Side): InboundNode {
    this.refuseEager(`Layer.${side} not supported in Eager mode.`);
    const [node, ...more] = this.inboundNodes;
    if (!node) {
      throw new AttributeError(
        side === 'input'
          ? `Layer ${this.label} is not connected, no input to return.`
          : `Layer ${this.label} has no inbound nodes.`,
      );
    }
    if (more.length > 0) {
      const query = side === 'input' ? 'getInputAt' : 'getOutputAt';
      throw new AttributeError(
        `Layer ${this.label} has multiple inbound nodes, hence the notion of "layer ${side}" is ill-defined. ` +
          `Use \`${query}(nodeIndex)\` instead.`,
      );
    }
    return node;
  }

  #agreedShape(side: Side): OneOrMany<Shape> {
    this.refuseEager(`Layer.${side}Shape not supported in Eager mode.`);
    const all = this.inboundNodes.map((node) => (side === 'input' ? node.inputs : node.outputs).map((x) => x.shape));
    const [first, ...others] = all;
    if (!first) {
      throw new AttributeError(`The layer has never been called and thus has no defined ${side} shape.`);
    }
    const agrees = (shapes: readonly Shape[]): boolean =>
      shapes.length === first.length && shapes.every((shape, i) => sameShape(shape, first[i] as Shape));
    if (!others.every(agrees)) {
      throw new AttributeError(
        `The layer "${this.label}" has multiple inbound nodes, with different ${side} shapes. Hence the notion of ` +
          `"${side} shape" is ill-defined for the layer. Use \`get${side === 'input' ? 'Input' : 'Output'}ShapeAt(nodeIndex)\` instead.`,
      );
    }
    return oneOrMany(first);
  }

  #at(index: number, method: string, what: string): InboundNode {
    this.refuseEager(`Layer.${method} not supported in Eager mode.`);
    const { length } = this.inboundNodes;
    if (length === 0) {
      throw new RuntimeError(`The layer has never been called and thus has no defined ${what}.`, 'UNUSED');
    }
    const node = Number.isInteger(index) ? this.inboundNodes[index] : undefined;
    if (!node) {
      throw new ValueError(
        `Asked to get ${what} at node ${index}, but the layer has only ${length} inbound nodes.`,
        'NODE_INDEX',
      );
    }
    return node;
  }
}

function oneOrMany<T>(items: readonly T[]): OneOrMany<T> {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : items;
}
