import { defineLayer, definePlugin, Layer, matmul, mul, reduceMean, relu, sigmoid } from '@convoy/engine';
import type { LayerOptions, Shape, SymbolicTensor, Variable } from '@convoy/engine';

/** Squeeze-and-excitation (Hu et al. 2018): scales each channel of [batch, H, W, C] by what all channels hold. */
class SqueezeExcite extends Layer<LayerOptions & { units: number }> {
  squeeze!: Variable;
  excite!: Variable;

  override build([, , , channels]: Shape) {
    this.squeeze = this.addVariable('squeeze', [channels, this.options.units]);
    this.excite = this.addVariable('excite', [this.options.units, channels]);
  }

  call(x: SymbolicTensor) {
    const means = reduceMean(x, { axes: [1, 2], keepDims: true });
    return mul(x, sigmoid(matmul(relu(matmul(means, this.squeeze)), this.excite)));
  }
}
export const squeezeExcite = defineLayer('squeezeExcite', SqueezeExcite, ['units']);
export const squeezeExcitePlugin = definePlugin({ name: 'squeeze-excite', parts: [squeezeExcite] });
