import { partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';

/** Makes gradients small for a network and reads them again; one for each replica. */
export interface Coder {
  /** Bytes that hold the values, or most of what counts in them: what is lost is added to the next gradient. */
  encode(values: Float32Array): Uint8Array;
  /** Fills `values`, which has as many elements as were encoded, with what the bytes hold. */
  decode(bytes: Uint8Array, values: Float32Array): void;
}

/** Makes a coder of a codec's options. */
export type CoderFactory = (options: object) => Coder;

/** Types the default export of a codec's module. */
export function defineCoder(factory: CoderFactory): CoderFactory {
  return factory;
}

/** Where a coder comes from. */
export interface CodecRule {
  /** Module that default-exports `defineCoder(...)`; imported on the replicas' threads, it does nothing on import. */
  readonly coder: URL;
  /** Handed to the coder: plain data. */
  readonly options?: object;
}

/** A codec for `parameterServer`. */
export interface Codec extends CodecRule {
  readonly name: string;
  /** The factory that made it and its options. */
  readonly config: PartConfig;
}

/** Makes a codec of its options. Made by `defineCodec`. */
export interface CodecFactory<O extends object> extends Part {
  (options?: O): Codec;
}

/** Makes a codec of its rule; `known` lists its options. */
export function defineCodec<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => CodecRule,
  known: readonly (keyof O & string)[] = [],
): CodecFactory<O> {
  return partFactory<'codec', O, Codec>('codec', name, known, (options, config) => ({
    ...rule(options),
    name,
    config,
  }));
}
