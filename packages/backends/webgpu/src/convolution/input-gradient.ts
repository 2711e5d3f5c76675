import type { Window } from '@convoy/engine';
import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from '../matrix/tiled-product.js';
import { convolutionNumbers, positionsOf, tapOf } from './geometry.js';

/** Only every so many positions begin a window. */
const STRIDED = `if (down % p.stride_h != 0u || right_of % p.stride_w != 0u) { return 0.0; }
let pp = down / p.stride_h;
let q = right_of / p.stride_w;`;

/**
 * dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over the taps that meet h, w: a product with M = n h w, N = c and K = r s k. It gathers, so
 * that no two threads write one element.
 */
export const conv2dInputGradient = defineDeviceKernel<Window>({
  plan(call) {
    const [y, filter] = call.inputs as [Operand, Operand];
    const [x] = call.outputs as [Operand];
    const params = convolutionNumbers({ x, filter, y }, call.attributes);
    const { R, S, C, K } = params;
    const dense = call.attributes.strides.every((stride) => stride === 1);
    return tiledProduct(
      {
        reads: { y, b: filter },
        result: x,
        params,
        m: positionsOf(x, params.x_height * params.x_width),
        n: C,
        k: { count: R * S * K, batched: false },
        batch: x.shape[0],
        aRow: `let line = m / p.x_width;
return vec4<u32>((line / p.x_height) * p.y_n, line % p.x_height + p.top, m % p.x_width + p.left, 0u);`,
        aColumn: tapOf('k', 'K', 'y_c'),
        a: `let down = row.y - column.x;
let right_of = row.z - column.y;
if (down > 0x7fffffffu || right_of > 0x7fffffffu) { return 0.0; }
${dense ? 'let pp = down; let q = right_of;' : STRIDED}
if (pp >= p.y_height || q >= p.y_width) { return 0.0; }
return y_at(row.x + pp * p.y_h + q * p.y_w + column.z);`,
        aAlongM: call.attributes.dataFormat === 'channelsFirst',
        bRow: 'return (k / p.K) * p.C * p.K + k % p.K;',
        bStride: 'p.K',
        bAlongK: true,
        at: '(m / (p.x_width * p.x_height)) * p.x_n + (m / p.x_width % p.x_height) * p.x_h + (m % p.x_width) * p.x_w + n * p.x_c',
      },
      call,
    );
  },
});
