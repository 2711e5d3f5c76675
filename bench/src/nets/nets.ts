/** Networks as data, so that every peer can be told the same one. */

export type LayerSpec =
  | { readonly kind: 'conv'; readonly filters: number; readonly size: number; readonly padding: 'same' | 'valid' }
  /** 2×2, stride 2. */
  | { readonly kind: 'maxPool' }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'dense'; readonly units: number; readonly relu: boolean };

/** A network on images and the batch that it is trained with. Convolutions are followed by relu. */
export interface Net {
  readonly batchSize: number;
  /** Height, width, channels. */
  readonly input: readonly [number, number, number];
  readonly classes: number;
  readonly layers: readonly LayerSpec[];
}

const conv = (filters: number, size: number, padding: 'same' | 'valid'): LayerSpec => ({
  kind: 'conv',
  filters,
  size,
  padding,
});
const dense = (units: number, relu: boolean): LayerSpec => ({ kind: 'dense', units, relu });
const maxPool: LayerSpec = { kind: 'maxPool' };
const flatten: LayerSpec = { kind: 'flatten' };

export const nets: Readonly<Record<string, Net>> = {
  digits: {
    batchSize: 64,
    input: [28, 28, 1],
    classes: 10,
    layers: [conv(32, 3, 'same'), maxPool, conv(64, 3, 'same'), maxPool, flatten, dense(10, false)],
  },
  'keras-mnist': {
    batchSize: 128,
    input: [28, 28, 1],
    classes: 10,
    layers: [conv(32, 3, 'valid'), conv(64, 3, 'valid'), maxPool, flatten, dense(128, true), dense(10, false)],
  },
  lenet5: {
    batchSize: 64,
    input: [28, 28, 1],
    classes: 10,
    layers: [
      conv(6, 5, 'same'),
      maxPool,
      conv(16, 5, 'valid'),
      maxPool,
      flatten,
      dense(120, true),
      dense(84, true),
      dense(10, false),
    ],
  },
};
