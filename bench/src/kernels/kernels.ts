import { wasm } from '@convoy/backend-wasm';
import { sizeOf, type View } from '@convoy/engine/kernels';
import { BareKernels } from '@convoy/engine/testing';
import { machineLine } from '../machine.js';
import { median } from '../median.js';
import { Peak } from './peak.js';
import { convolutions, products, type Convolution } from './shapes.js';

const ROUNDS = 7;
/** A measurement repeats its call for about so long. */
const MILLISECONDS = 20;

const PASSES = ['conv2d', 'conv2dInputGradient', 'conv2dFilterGradient'] as const;

/**
 * GFLOP/s of matrix products and of each pass of convolutions on one thread, directly and with the algorithm that a program would take
 * (as if it made all of the direct sum's operations), beside a loop of multiply-adds in registers in the same round.
 */
export async function kernels(): Promise<void> {
  const backend = wasm();
  const peak = new Peak(backend.build ?? 'simd');
  const bare = await BareKernels.of(backend);
  console.log(
    `${machineLine()}\n${backend.build} build, one thread, median of ${ROUNDS} rounds, GFLOP/s (share of the peak)\n`,
  );
  console.log('| what | GFLOP/s | share of the peak |\n| --- | ---: | ---: |');
  for (const { rows, depth, columns } of products) {
    bare.clear();
    const operands = [madeOperand(bare, [rows, depth]), madeOperand(bare, [depth, columns])];
    const { run } = bare.bind('matmul', operands, [madeOperand(bare, [rows, columns])], {
      transposeA: false,
      transposeB: false,
    });
    const [{ rate, share }] = compare(peak, [run], 2 * rows * depth * columns);
    console.log(`| ${rows}×${depth} · ${depth}×${columns} | ${rate.toFixed(1)} | ${percent(share)} |`);
  }
  console.log('\n| convolution | pass | direct | share of the peak | in a program | algorithm | against direct |');
  console.log('| --- | --- | ---: | ---: | ---: | --- | ---: |');
  for (const shape of convolutions) for (const pass of PASSES) measurePass(shape, pass);

  function measurePass(shape: Convolution, pass: (typeof PASSES)[number]): void {
    bare.clear();
    const plain = boundPass(bare, shape, pass, { algorithm: 'direct' });
    const chosen = boundPass(bare, shape, pass, {});
    const [one, other] = compare(peak, [plain.run, chosen.run], operations(shape));
    const { N, H, C, K, R, stride } = shape;
    const { algorithm } = chosen.attributes as { algorithm: string };
    const name = `N${N} H${H} C${C} K${K} ${R}×${R}${stride === 1 ? '' : ` stride ${stride}`}`;
    const cells = [
      name,
      pass.replace('conv2d', '') || 'forward',
      one.rate.toFixed(1),
      percent(one.share),
      other.rate.toFixed(1),
      algorithm,
      `${(other.rate / one.rate).toFixed(2)}×`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Output positions along an axis with padding 'same'. */
const outputs = ({ H, stride }: Convolution): number => Math.ceil(H / stride);

function operations(shape: Convolution): number {
  const { N, C, K, R } = shape;
  return 2 * N * outputs(shape) ** 2 * R * R * C * K;
}

/** An operand filled with made values in [-0.5, 0.5). */
function madeOperand(on: BareKernels, shape: readonly number[]): View {
  return on.view(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5),
  );
}

function boundPass(on: BareKernels, shape: Convolution, pass: (typeof PASSES)[number], forced: object) {
  const { N, H, C, K, R, stride } = shape;
  const P = outputs(shape);
  const total = Math.max(0, (P - 1) * stride + R - H);
  const amounts = [total >> 1, total - (total >> 1)];
  const sizes = [
    [N, H, H, C],
    [R, R, C, K],
    [N, P, P, K],
  ];
  const [x, f, y] = sizes.map((each) => madeOperand(on, each));
  const attributes = {
    strides: [stride, stride],
    dilationRate: [1, 1],
    padding: [amounts, amounts],
    dataFormat: 'channelsLast',
    ...forced,
  };
  if (pass === 'conv2d') return on.bind(pass, [x, f], [y], attributes);
  return pass === 'conv2dInputGradient'
    ? on.bind(pass, [y, f], [x], attributes)
    : on.bind(pass, [y, x], [f], attributes);
}

/** Each call and the peak in turn, round by round. Rates in GFLOP/s; shares of the peak of the same round. */
function compare(peak: Peak, calls: readonly (() => void)[], flops: number): { rate: number; share: number }[] {
  const repeats = calls.map((call) => {
    call();
    const started = performance.now();
    call();
    return Math.max(1, Math.round(MILLISECONDS / (performance.now() - started)));
  });
  const rounds = Array.from({ length: ROUNDS }, () => {
    const top = peak.measure();
    const rates = calls.map((call, i) => {
      const started = performance.now();
      for (let n = 0; n < repeats[i]; n++) call();
      return (flops * repeats[i]) / (performance.now() - started) / 1e6;
    });
    return { top, rates };
  });
  return calls.map((_, i) => ({
    rate: median(rounds.map(({ rates }) => rates[i])),
    share: median(rounds.map(({ top, rates }) => rates[i] / top)),
  }));
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
