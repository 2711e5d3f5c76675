import { defineKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { WinogradExports } from './exports.js';

/** A filter [3, 3, C, K] as convolutions by Winograd's algorithm multiply with it; or, `exchanged`, their input gradients. */
export function transformedFilter({ transformFilter }: WinogradExports, exchanged: boolean): Kernel {
  return defineKernel({
    bind({ inputs, outputs }) {
      const [f] = inputs as [View];
      const [, , C, K] = f.shape;
      const [from, to] = [addressOf(f.data), addressOf(outputs[0].data)];
      return () => transformFilter(from, C, K, exchanged ? 1 : 0, to);
    },
  });
}
