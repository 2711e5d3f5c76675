/** Kernels of another module, each call timed. */
import {
  defineKernels,
  type BoundKernel,
  sizeOf,
  type Kernel,
  type KernelCall,
  type KernelFactory,
  type Run,
  type View,
} from '@convoy/engine/kernels';
import { Timings } from './timings.js';

/** What a timed backend hands to its threads. */
export interface TimedOptions {
  readonly base: string;
  readonly options: object;
  readonly buffer: SharedArrayBuffer;
}

export default defineKernels(async (context) => {
  const { base, options, buffer } = context.options as TimedOptions;
  const { default: factory } = (await import(base)) as { default: KernelFactory };
  const table = await factory({ ...context, options });
  const timings = new Timings(buffer);
  return Object.fromEntries(Object.entries(table).map(([name, kernel]) => [name, timed(name, kernel, timings)]));
});

function timed(name: string, kernel: Kernel, timings: Timings): Kernel {
  const watch = (compute: BoundKernel, call: KernelCall, how: string, share: (run: Run) => number): BoundKernel => {
    const entry = timings.open(labelOf(`${name}${how}`, call));
    const perExample = operationsPerExample(name, call);
    return (run) => {
      const started = performance.now();
      compute(run);
      timings.add(entry, performance.now() - started, perExample * run.examples * share(run));
    };
  };
  const bind = (call: KernelCall): BoundKernel => watch(kernel.bind(call), call, '', () => 1);
  if (!kernel.bindRows) return { ...kernel, bind };
  return {
    ...kernel,
    bind,
    bindRows(call) {
      const elements = sizeOf(call.outputs[0].shape);
      const compute = kernel.bindRows?.(call) ?? (() => {});
      return watch(compute, call, ' by rows', ({ begin, end }) => (end - begin) / elements);
    },
  };
}

function labelOf(name: string, { inputs, outputs, attributes, epilogue }: KernelCall): string {
  const { algorithm } = attributes as { algorithm?: string };
  const sizes = (views: readonly View[]): string =>
    views.map((x) => (x.batched ? ['n', ...x.shape.slice(1)] : x.shape).join('×') || '1').join(', ');
  // A tree sum takes each shard's part.
  const shown = name === 'treeSum' ? inputs.slice(0, 1) : inputs;
  return `${name}${algorithm ? ` (${algorithm})` : ''} ${sizes(shown)} → ${sizes(outputs)}${epilogue ? ' and more' : ''}`;
}

/** Multiplications and additions of the direct sum, where the batch is in it. */
function operationsPerExample(name: string, { inputs, outputs, attributes }: KernelCall): number {
  if (name === 'matmul') {
    const { transposeA } = attributes as { transposeA: boolean };
    // Transposed, an example is one term of every sum.
    return transposeA
      ? 2 * sizeOf(outputs[0].shape)
      : 2 * sizeOf(outputs[0].shape.slice(1)) * (inputs[0].shape.at(-1) ?? 1);
  }
  const images: Readonly<Record<string, readonly [result: View, filter: View]>> = {
    conv2d: [outputs[0], inputs[1]],
    conv2dInputGradient: [inputs[0], inputs[1]],
    conv2dFilterGradient: [inputs[0], outputs[0]],
  };
  if (!(name in images)) return 0;
  const [result, filter] = images[name];
  return 2 * sizeOf(result.shape.slice(1)) * sizeOf(filter.shape.slice(0, 3));
}
