import type { Window } from '@convoy/engine';
import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from '../matrix/tiled-product.js';
import { convolutionNumbers, positionsOf } from './geometry.js';

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
    return tiledProduct(
      {
        reads: { y, f: filter },
        result: x,
        params,
        m: positionsOf(x, params.x_height * params.x_width),
        n: C,
        k: { count: R * S * K, batched: false },
        batch: x.shape[0],
        a: `let w = m % p.x_width;
let row = m / p.x_width;
let h = row % p.x_height;
let n = row / p.x_height;
let o = k % p.K;
let tap = k / p.K;
let s = tap % p.S;
let r = tap / p.S;
let down = h + p.top - r * p.dilation_h;
let right = w + p.left - s * p.dilation_w;
if (down > 0x7fffffffu || right > 0x7fffffffu) { return 0.0; }
if (down % p.stride_h != 0u || right % p.stride_w != 0u) { return 0.0; }
let pp = down / p.stride_h;
let q = right / p.stride_w;
if (pp >= p.y_height || q >= p.y_width) { return 0.0; }
return y_at(n * p.y_n + pp * p.y_h + q * p.y_w + o * p.y_c);`,
        aAlongM: call.attributes.dataFormat === 'channelsFirst',
        b: `let tap = k / p.K;
return f_at((tap * p.C + n) * p.K + k % p.K);`,
        bAlongK: true,
        at: '(m / (p.x_width * p.x_height)) * p.x_n + (m / p.x_width % p.x_height) * p.x_h + (m % p.x_width) * p.x_w + n * p.x_c',
      },
      call,
    );
  },
});
