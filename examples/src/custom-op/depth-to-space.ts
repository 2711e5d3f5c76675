import { defineOp, definePlugin, type Op, type SymbolicTensor } from '@convoy/engine';

type Rearrangement = Op<[x: SymbolicTensor], { block: number }>;

/** [batch, H, W, block² · C] to [batch, block · H, block · W, C]: pixel shuffle, the last step of super-resolution. */
export const depthToSpace: Rearrangement = defineOp('depthToSpace', {
  shape: ([[n, h, w, c]], { block }) => [n, Number(h) * block, Number(w) * block, Number(c) / block ** 2],
  gradient: (dy, _inputs, _y, { block }) => [spaceToDepth(dy, { block })],
});

/** The way back. */
export const spaceToDepth: Rearrangement = defineOp('spaceToDepth', {
  shape: ([[n, h, w, c]], { block }) => [n, Number(h) / block, Number(w) / block, Number(c) * block ** 2],
  gradient: (dy, _inputs, _y, { block }) => [depthToSpace(dy, { block })],
});

const kernels = new URL('./kernels.js', import.meta.url);
export const depthToSpacePlugin = definePlugin({ name: 'depthToSpace', parts: [depthToSpace, spaceToDepth], kernels });
