import type { Layer } from '../define/layer/layer.js';
import { isPlaceholder, placeholderName } from '../define/op/placeholder.js';
import type { Shape } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import type { Model } from '../train/model.js';
import { partToJson, valueToJson, type PartJson } from '../define/plugin/part-json.js';

/** A model as JSON: its layers, and how tensors flow through them. */
export interface TopologyJson {
  readonly layers: readonly LayerJson[];
  /** In the order of the graph; a tensor is named by the index of its node. */
  readonly nodes: readonly NodeJson[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly sequential: boolean;
}

export interface LayerJson {
  readonly part: PartJson;
  /** Names of its weights in the weights file. */
  readonly weights: readonly string[];
}

export type NodeJson =
  | { readonly input: { readonly name: string; readonly shape: Shape; readonly dtype: 'float32' | 'int32' } }
  | { readonly layer: number; readonly inputs: readonly number[]; readonly kwargs: object };

/** @throws ValueError when an option of a layer cannot be stored, or ops stand between layers */
export function topologyOf(model: Model): TopologyJson {
  const { layers, inputs, outputs } = model.network;
  const [stranger] = model.network.strangers;
  if (stranger) {
    throw new ValueError(
      `save: a layer reuses variable '${stranger.name}', whose own layer is not in the model; put that layer into it`,
      'UNSAVABLE',
    );
  }
  const nodes: NodeJson[] = [];
  const indices = new Map<SymbolicTensor, number>();
  const indexOf = (tensor: SymbolicTensor): number => {
    const known = indices.get(tensor);
    if (known !== undefined) return known;
    const node = nodeOf(tensor);
    indices.set(tensor, nodes.length);
    nodes.push(node);
    return nodes.length - 1;
  };
  const nodeOf = (tensor: SymbolicTensor): NodeJson => {
    if (isPlaceholder(tensor)) {
      return { input: { name: placeholderName(tensor), shape: tensor.shape, dtype: tensor.dtype } };
    }
    const call = tensor.inboundNode;
    if (!call) {
      throw new ValueError(
        `save: the model uses op '${tensor.op.name}' between layers, which cannot be stored; put it into a layer`,
        'UNSAVABLE',
      );
    }
    const kwargs = valueToJson(`save: call of layer '${call.layer.label}'`, call.kwargs) as object;
    return { layer: layers.indexOf(call.layer), inputs: call.inputs.map(indexOf), kwargs };
  };
  return {
    layers: layers.map(layerJson),
    inputs: inputs.map(indexOf),
    outputs: outputs.map(indexOf),
    nodes,
    sequential: model.sequential,
  };
}

function layerJson(layer: Layer): LayerJson {
  if (!layer.part) {
    throw new ValueError(
      `save: layer '${layer.label}' was not made by a defineLayer factory, so it cannot be found again`,
      'UNSAVABLE',
    );
  }
  return {
    part: { ...partToJson(`save: layer '${layer.label}'`, layer.part), options: layer.getConfig() },
    weights: layer.weights.map((variable) => variable.name),
  };
}
