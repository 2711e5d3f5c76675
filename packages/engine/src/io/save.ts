import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Variable } from '../define/variable/variable.js';
import type { Model } from '../train/model.js';
import { partToJson } from '../define/plugin/part-json.js';
import type { ComputedJson, ModelJson, TrainingJson } from './model-json.js';
import { encodeSafetensors } from './safetensors.js';
import { topologyOf } from './topology.js';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.safetensors';

/** Writes both files; each appears under its name only when it is whole. */
export async function saveModel(model: Model, folder: string): Promise<void> {
  const variables = [...model.weights, ...(model.compiled ? model.training.variables : [])];
  const { values, also: json } = await model.snapshot(variables, () => modelJson(model));
  const tensors = variables.map(({ name, shape }: Variable, i) => ({ name, shape, values: values[i] as Float32Array }));
  await mkdir(folder, { recursive: true });
  await writeWhole(path.join(folder, WEIGHTS_FILE), encodeSafetensors(tensors, { format: 'convoy' }));
  await writeWhole(path.join(folder, MODEL_FILE), Buffer.from(`${JSON.stringify(json, null, 1)}\n`));
}

function modelJson(model: Model): ModelJson {
  return {
    format: 'convoy-model',
    version: 1,
    topology: topologyOf(model),
    training: model.compiled ? trainingJson(model) : null,
  };
}

function trainingJson(model: Model): TrainingJson {
  const { compiled, steps, epochs } = model.training;
  const stored = (where: string, { part, options }: { part: Parameters<typeof partToJson>[1]; options: object }) =>
    partToJson(`save: ${where}`, part, options);
  return {
    optimizer: stored('optimizer', compiled.optimizer.config),
    losses: compiled.losses.map((loss) => stored('loss', loss.config)),
    metrics: compiled.metrics.map((metric) => stored('metric', metric.config)),
    variables: model.training.variables.map((variable) => variable.name),
    steps,
    epochs,
    computed: model.trainingProgram === null ? null : computedJson(model.trainingProgram),
  };
}

function computedJson({ backend, calls }: NonNullable<Model['trainingProgram']>): ComputedJson {
  const chosen = calls.filter(({ choices }) => Object.keys(choices).length > 0);
  return {
    backend,
    choices: chosen.map(({ kernel, scope, choices }) => ({ call: kernel, layer: scope, chosen: choices })),
  };
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, bytes);
  await rename(partial, file);
}
