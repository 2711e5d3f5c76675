import { defineLayer, definePlugin, Layer, mul, type LayerOptions, type SymbolicTensor } from '@convoy/engine';

/** Multiplies by a number. With it in the model, images stay bytes in memory, and a saved model takes bytes. */
class Rescaling extends Layer<LayerOptions & { scale: number }> {
  call(x: SymbolicTensor): SymbolicTensor {
    return mul(x, this.options.scale);
  }
}

export const rescaling = defineLayer('rescaling', Rescaling, ['scale']);
export const rescalingPlugin = definePlugin({ name: 'rescaling', parts: [rescaling] });
