/** Options of layers and training as JSON: parts are written by kind, plugin and name. */
import { describeValue } from './describe-value.js';
import { isSpecialNumber, numberFromJson, toJson } from './json-data.js';
import { isJsonLeaf, isPlainObject } from './plain-data.js';
import { isPart, type Part, type PartConfig, type PartKind } from './plugin.js';
import { ValueError } from '../../errors.js';

export interface PartJson {
  readonly kind: PartKind;
  readonly plugin: string;
  readonly name: string;
  /** Absent for a part that is used as it is, such as an op as activation. */
  readonly options?: unknown;
}

export function partToJson(where: string, part: Part, options?: object): PartJson {
  const plugin = part.home.plugin;
  if (!plugin) {
    throw new ValueError(
      `${where}: ${part.kind} '${part.name}' belongs to no plugin, so a saved model could not find it again; ` +
        `list it in definePlugin({ name, parts: [...] })`,
      'UNSAVABLE',
    );
  }
  const base = { kind: part.kind, plugin: plugin.name, name: part.name };
  return options === undefined ? base : { ...base, options: valueToJson(where, options) };
}

/** @throws ValueError naming the argument that cannot be stored */
export function valueToJson(where: string, value: unknown): unknown {
  if (isJsonLeaf(value)) return toJson(value);
  if (Array.isArray(value)) return value.map((item, i) => valueToJson(`${where}[${i}]`, item));
  if (isPart(value)) return { $part: partToJson(where, value) };
  if (typeof value === 'function') {
    throw new ValueError(
      `${where} is a bare function, which cannot be stored; define it in a plugin (defineOp, defineConstraint, …)`,
      'UNSAVABLE',
    );
  }
  if (typeof value === 'object' && hasConfig(value)) {
    if (value.config === null)
      throw new ValueError(`${where} is made of a bare function, which cannot be stored`, 'UNSAVABLE');
    return { $part: partToJson(where, value.config.part, value.config.options) };
  }
  if (!isPlainObject(value)) {
    throw new ValueError(
      `${where} cannot be stored: it must be made of numbers, strings, lists, plain objects and parts, got ${describeValue(value)}`,
      'UNSAVABLE',
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueToJson(`${where}.${key}`, item)]));
}

/** Finds a part again. @throws ValueError naming the plugin that is missing */
export type FindPart = (json: PartJson) => Part;

export function valueFromJson(value: unknown, find: FindPart): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => valueFromJson(item, find));
  if ('$part' in value) return partFromJson(value.$part as PartJson, find);
  if (isSpecialNumber(value)) return numberFromJson(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueFromJson(item, find)]));
}

/** The part itself, or what its factory makes of the stored options. */
export function partFromJson(json: PartJson, find: FindPart): unknown {
  const part = find(json);
  if (json.options === undefined) return part;
  return (part as Part & ((options: unknown) => unknown))(valueFromJson(json.options, find));
}

function hasConfig(value: object): value is { config: PartConfig | null } {
  return 'config' in value;
}
