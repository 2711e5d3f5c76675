import type { Window } from '@convoy/engine';
import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from '../matrix/tiled-product.js';
import { convolutionNumbers, inputUnder, positionsOf, tapOf, windowOf } from './geometry.js';

/** df[r,s,c,k] = Σ_npq x[n,h,w,c] · dy[n,p,q,k]: a product with M = r s c, N = k and a long K = n p q, which is cut into parts. */
export const conv2dFilterGradient = defineDeviceKernel<Window>({
  plan(call) {
    const [y, x] = call.inputs as [Operand, Operand];
    const [filter] = call.outputs as [Operand];
    const params = convolutionNumbers({ x, filter, y }, call.attributes);
    const { R, S, C, K } = params;
    return tiledProduct(
      {
        reads: { x, b: y },
        result: filter,
        params,
        m: { count: R * S * C, batched: false },
        n: K,
        k: positionsOf(y, params.y_height * params.y_width),
        batch: x.shape[0],
        aRow: tapOf('m', 'C', 'x_c'),
        aColumn: windowOf('k'),
        a: inputUnder('column', 'row'),
        aAlongM: call.attributes.dataFormat === 'channelsLast',
        bRow: `let line = k / p.y_width;
return (line / p.y_height) * p.y_n + (line % p.y_height) * p.y_h + (k % p.y_width) * p.y_w;`,
        bStride: 'p.y_c',
        bAlongK: call.attributes.dataFormat === 'channelsFirst',
        at: 'm * p.n + n',
      },
      call,
    );
  },
});
