import type { Window } from '@convoy/engine';
import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from '../matrix/tiled-product.js';
import { convolutionNumbers, INPUT_UNDER_TAP, positionsOf } from './geometry.js';

/** df[r,s,c,k] = Σ_npq x[n,h,w,c] · dy[n,p,q,k]: a product with M = r s c, N = k and a long K = n p q, which is cut into parts. */
export const conv2dFilterGradient = defineDeviceKernel<Window>({
  plan(call) {
    const [y, x] = call.inputs as [Operand, Operand];
    const [filter] = call.outputs as [Operand];
    const params = convolutionNumbers({ x, filter, y }, call.attributes);
    const { R, S, C, K } = params;
    const position = `let q = k % p.y_width;
let row = k / p.y_width;
let pp = row % p.y_height;
let n = row / p.y_height;`;
    return tiledProduct(
      {
        reads: { x, y },
        result: filter,
        params,
        m: { count: R * S * C, batched: false },
        n: K,
        k: positionsOf(y, params.y_height * params.y_width),
        batch: x.shape[0],
        a: `${position}
let c = m % p.C;
let tap = m / p.C;
let s = tap % p.S;
let r = tap / p.S;
${INPUT_UNDER_TAP}`,
        aAlongM: call.attributes.dataFormat === 'channelsLast',
        b: `${position.replaceAll('let n ', 'let image ')}
return y_at(image * p.y_n + pp * p.y_h + q * p.y_w + n * p.y_c);`,
        bAlongK: call.attributes.dataFormat === 'channelsFirst',
        at: 'm * p.n + n',
      },
      call,
    );
  },
});
