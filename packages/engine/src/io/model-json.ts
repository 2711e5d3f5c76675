import type { PartJson } from '../define/plugin/part-json.js';
import { ValueError } from '../errors.js';
import type { TopologyJson } from './topology.js';

/** What model.json holds. */
export interface ModelJson {
  readonly format: 'convoy-model';
  readonly version: 1;
  readonly topology: TopologyJson;
  readonly training: TrainingJson | null;
}

export interface TrainingJson {
  readonly optimizer: PartJson;
  readonly losses: readonly PartJson[];
  readonly metrics: readonly PartJson[];
  /** Names of the optimizer's values in the weights file. */
  readonly variables: readonly string[];
  readonly steps: number;
  readonly epochs: number;
  /** By what the last run was computed; null before the first. For the reader: loading ignores it. */
  readonly computed: ComputedJson | null;
}

export interface ComputedJson {
  /** Its name, and which build of its kernels. */
  readonly backend: string;
  /** Calls for which it had a choice, and what it chose. */
  readonly choices: readonly { readonly call: string; readonly layer: string | null; readonly chosen: object }[];
}

/**
 * Reads the text of a model.json, checked as far as it will be relied on.
 *
 * @throws ValueError naming the file and the field that is wrong
 */
export function parseModelJson(file: string, text: string): ModelJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ValueError(`${file}: not JSON; the file is damaged`, 'FILE', { cause });
  }
  const { format, version } = isObject(json) ? json : {};
  if (format !== 'convoy-model' || version !== 1) {
    throw new ValueError(
      `${file}: not a model that this version can read: it has format ${JSON.stringify(format)}, version ` +
        `${JSON.stringify(version)}; this version reads format "convoy-model", version 1`,
      'FILE',
    );
  }
  const check = new FieldCheck(file);
  check.model(json as Fields);
  return json as ModelJson;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses the first field that is not what it must be. */
class FieldCheck {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  model(json: Fields): void {
    this.#topology(this.#object(json['topology'], 'topology'));
    if (json['training'] !== null) this.#training(this.#object(json['training'], 'training'));
  }

  #topology(topology: Fields): void {
    const layers = this.#list(topology['layers'], 'topology.layers');
    layers.forEach((layer, i) => {
      const where = `topology.layers[${i}]`;
      const { part, weights } = this.#object(layer, where);
      this.#part(part, `${where}.part`, 'layer');
      this.#list(weights, `${where}.weights`).forEach((name, j) => this.#text(name, `${where}.weights[${j}]`));
    });
    const nodes = this.#list(topology['nodes'], 'topology.nodes');
    nodes.forEach((node, i) => {
      const where = `topology.nodes[${i}]`;
      const { input, layer, inputs } = this.#object(node, where);
      if (input !== undefined) {
        this.#list(this.#object(input, `${where}.input`)['shape'], `${where}.input.shape`);
        return;
      }
      this.#index(layer, `${where}.layer`, layers.length);
      this.#indices(inputs, `${where}.inputs`, i);
    });
    this.#indices(topology['inputs'], 'topology.inputs', nodes.length);
    this.#indices(topology['outputs'], 'topology.outputs', nodes.length);
  }

  #training(training: Fields): void {
    this.#part(training['optimizer'], 'training.optimizer', 'optimizer');
    for (const [list, kind] of [
      ['losses', 'loss'],
      ['metrics', 'metric'],
    ] as const) {
      this.#list(training[list], `training.${list}`).forEach((part, i) =>
        this.#part(part, `training.${list}[${i}]`, kind),
      );
    }
    this.#list(training['variables'], 'training.variables').forEach((name, i) => {
      this.#text(name, `training.variables[${i}]`);
    });
    for (const count of ['steps', 'epochs']) this.#index(training[count], `training.${count}`, Infinity);
  }

  #part(value: unknown, where: string, expected: string): void {
    const { kind, plugin, name } = this.#object(value, where);
    if (kind !== expected) this.#refuse(`${where}.kind`, `'${expected}'`, kind);
    this.#text(plugin, `${where}.plugin`);
    this.#text(name, `${where}.name`);
  }

  #indices(value: unknown, where: string, below: number): void {
    this.#list(value, where).forEach((index, i) => this.#index(index, `${where}[${i}]`, below));
  }

  #index(value: unknown, where: string, below: number): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < below) return;
    this.#refuse(where, below === Infinity ? 'a count' : `an index below ${below}`, value);
  }

  #object(value: unknown, where: string): Fields {
    return isObject(value) ? value : this.#refuse(where, 'an object', value);
  }

  #list(value: unknown, where: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.#refuse(where, 'a list', value);
  }

  #text(value: unknown, where: string): void {
    if (typeof value !== 'string') this.#refuse(where, 'a name', value);
  }

  #refuse(where: string, expected: string, got: unknown): never {
    throw new ValueError(
      `${this.#file}: ${where} must be ${expected}, got ${JSON.stringify(got) ?? 'nothing'}; the file is damaged`,
      'FILE',
    );
  }
}
