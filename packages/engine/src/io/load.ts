import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Layer } from '../define/layer/layer.js';
import type { Loss, Metric } from '../define/loss.js';
import type { Optimizer } from '../define/optimizer.js';
import { partFinder } from '../define/plugin/find-part.js';
import type { Plugin } from '../define/plugin/plugin.js';
import { placeholder } from '../define/op/placeholder.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Variable } from '../define/variable/variable.js';
import { formatShape } from '../define/op/shape.js';
import { inPlace, ValueError } from '../errors.js';
import { Model } from '../train/model.js';
import { Network } from '../train/network.js';
import type { Runtime } from '../train/runtime.js';
import { partFromJson, type FindPart } from '../define/plugin/part-json.js';
import { decodeSafetensors, type NamedTensor } from './safetensors.js';
import { parseModelJson, type ModelJson } from './model-json.js';
import { MODEL_FILE, WEIGHTS_FILE } from './save.js';

/**
 * Reads what `model.save` wrote.
 *
 * @throws ValueError when a file is damaged, a plugin is missing, or weights do not fit
 */
export async function loadModel(runtime: Runtime, folder: string, plugins: readonly Plugin[]): Promise<Model> {
  const file = path.join(folder, MODEL_FILE);
  const json = parseModelJson(file, await readFile(file, 'utf8'));
  const weightsFile = path.join(folder, WEIGHTS_FILE);
  const tensors = decodeSafetensors(weightsFile, await readFile(weightsFile));
  const find = partFinder('load', plugins);
  const model = inPlace(file, () => modelOf(runtime, json, find));
  const [stranger] = model.network.strangers;
  if (stranger) {
    throw new ValueError(
      `${file}: a layer reuses variable '${stranger.name}', which in this engine belongs to a layer outside of the ` +
        `model; load into an engine where the name is free`,
      'VARIABLE_EXISTS',
    );
  }
  const { layers } = json.topology;
  model.layers.forEach((layer, i) => restore(weightsFile, layer.weights, layers[i]?.weights ?? [], tensors));
  if (json.training) restore(weightsFile, model.training.variables, json.training.variables, tensors);
  return model;
}

/** The model, compiled if it was, with initial weights. */
function modelOf(runtime: Runtime, { topology, training }: ModelJson, find: FindPart): Model {
  const layers = topology.layers.map(({ part }) => partFromJson(part, find) as Layer);
  const made: SymbolicTensor[] = [];
  for (const node of topology.nodes) {
    made.push(
      'input' in node
        ? placeholder(node.input.name, node.input.shape, node.input.dtype, runtime.graph)
        : connect(
            layers[node.layer] as Layer,
            node.inputs.map((i) => made[i] as SymbolicTensor),
            node.kwargs,
          ),
    );
  }
  const pick = (indices: readonly number[]): SymbolicTensor[] => indices.map((i) => made[i] as SymbolicTensor);
  const model = new Model(runtime, new Network(pick(topology.inputs), pick(topology.outputs)), topology.sequential);
  if (training) {
    model.compile({
      optimizer: partFromJson(training.optimizer, find) as Optimizer,
      loss: training.losses.map((loss) => partFromJson(loss, find) as Loss),
      metrics: training.metrics.map((metric) => partFromJson(metric, find) as Metric),
    });
    model.training.steps = training.steps;
    model.training.epochs = training.epochs;
  }
  return model;
}

function connect(layer: Layer, inputs: readonly SymbolicTensor[], kwargs: object): SymbolicTensor {
  return layer.apply(inputs.length === 1 ? (inputs[0] as SymbolicTensor) : inputs, { ...kwargs });
}

/** Weights have the names of the engine that saved them; a layer's own may be numbered otherwise. */
function restore(
  file: string,
  variables: readonly Variable[],
  names: readonly string[],
  tensors: ReadonlyMap<string, NamedTensor>,
): void {
  variables.forEach((variable, i) => {
    const name = names[i] ?? variable.name;
    const tensor = tensors.get(name);
    if (!tensor || formatShape(tensor.shape) !== formatShape(variable.shape)) {
      throw new ValueError(
        `${file}: variable '${name}' ${formatShape(variable.shape)} is ` +
          (tensor ? `stored with shape ${formatShape(tensor.shape)}` : 'missing'),
        'WEIGHTS',
      );
    }
    variable.assign(tensor.values);
  });
}
