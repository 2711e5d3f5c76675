import type { Window } from '@convoy/engine';
import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from '../matrix/tiled-product.js';
import { convolutionNumbers, inputUnder, positionsOf, tapOf, windowOf } from './geometry.js';

/** y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k]: a product with M = n p q, N = k and K = r s c, for which the filter lies as stored. */
export const conv2d = defineDeviceKernel<Window>({
  plan(call) {
    const [x, filter] = call.inputs as [Operand, Operand];
    const [y] = call.outputs as [Operand];
    const params = convolutionNumbers({ x, filter, y }, call.attributes);
    const { R, S, C, K } = params;
    return tiledProduct(
      {
        reads: { x, b: filter },
        result: y,
        params,
        m: positionsOf(y, params.y_height * params.y_width),
        n: K,
        k: { count: R * S * C, batched: false },
        batch: x.shape[0],
        aRow: windowOf('m'),
        aColumn: tapOf('k', 'C', 'x_c'),
        a: inputUnder('row', 'column'),
        aAlongM: call.attributes.dataFormat === 'channelsFirst',
        bRow: 'return k * p.K;',
        bStride: '1u',
        bAlongK: false,
        at: '(m / (p.y_width * p.y_height)) * p.y_n + (m / p.y_width % p.y_height) * p.y_h + (m % p.y_width) * p.y_w + n * p.y_c',
      },
      call,
    );
  },
});
