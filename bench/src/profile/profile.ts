import { wasm } from '@convoy/backend-wasm';
import { createEngine, defineBackend, type Backend } from '@convoy/engine';
import { Peak } from '../kernels/peak.js';
import { machineLine } from '../machine.js';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets, type Net } from '../nets/nets.js';
import type { TimedOptions } from './kernels.js';
import { Timings } from './timings.js';

const STEPS = 20;

/** Where the time of a training step goes, on one thread: milliseconds of each kernel call, GFLOP/s and share of the peak. */
export async function profile(): Promise<void> {
  console.log(machineLine());
  for (const [name, net] of Object.entries(nets)) await profileNet(name, net);
}

async function profileNet(name: string, net: Net): Promise<void> {
  const backend = wasm();
  const timings = new Timings();
  const engine = await createEngine({ backend: timed(backend, timings), workers: 1, seed: 1 });
  try {
    const model = modelOf(engine, net, 0.01);
    const data = madeImages(net, STEPS * net.batchSize);
    let seconds = Number.NaN;
    for (let epoch = 0; epoch < 2; epoch++) {
      timings.clear();
      for await (const event of model.fit(data, { batchSize: net.batchSize }))
        if (event.type === 'epochEnd') ({ seconds } = event);
    }
    print(name, net, (1000 * seconds) / STEPS, timings, new Peak(backend.build ?? 'simd').measure());
  } finally {
    await engine.dispose();
  }
}

function timed(backend: Backend, timings: Timings): Backend {
  const [{ url: base, options }] = backend.modules;
  const given: TimedOptions = { base, options, buffer: timings.buffer };
  return defineBackend({ name: 'timed', kernels: new URL('kernels.js', import.meta.url), options: given });
}

function print(name: string, { batchSize }: Net, step: number, timings: Timings, peak: number): void {
  const all = timings.sums().map((each) => ({ ...each, milliseconds: each.milliseconds / STEPS }));
  const inKernels = all.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  console.log(
    `\n${name}, batch ${batchSize}: ${step.toFixed(2)} ms a step, of which kernels ${inKernels.toFixed(2)} ms\n`,
  );
  console.log('| kernel | ms a step | share | GFLOP/s | of the peak |\n| --- | ---: | ---: | ---: | ---: |');
  for (const { label, milliseconds, operations } of all) {
    const rate = operations / STEPS / milliseconds / 1e6;
    const speed = operations > 0 ? [rate.toFixed(1), `${((100 * rate) / peak).toFixed(0)} %`] : ['', ''];
    console.log(
      `| ${[label, milliseconds.toFixed(3), `${((100 * milliseconds) / step).toFixed(1)} %`, ...speed].join(' | ')} |`,
    );
  }
}
