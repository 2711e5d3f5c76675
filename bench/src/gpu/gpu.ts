/** What a training step asks of the GPU: objects made, submits, bytes moved; and its time, beside the name of what computed it. */
import { webgpu } from '@convoy/backend-webgpu';
import { createEngine, defineBackend, type Backend } from '@convoy/engine';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets, type Net } from '../nets/nets.js';
import { COUNTED } from './counting-executor.js';

const STEPS = 10;

/** @param args - a part of an adapter's name, or nothing */
export async function gpu(args: readonly string[]): Promise<void> {
  const [adapter] = args;
  const words = new Float64Array(new SharedArrayBuffer(8 * COUNTED.length));
  const backend = counting(adapter === undefined ? webgpu() : webgpu({ adapter }), words);
  for (const name of ['lenet5', 'digits'] as const) {
    const net: Net = nets[name];
    const engine = await createEngine({ backend });
    const model = modelOf(engine, net, 0.01);
    const data = madeImages(net, STEPS * net.batchSize);
    const one = { x: data.x.subarray(0, data.x.length / STEPS), y: data.y.subarray(0, net.batchSize) };
    await model.fit(one, { batchSize: net.batchSize });
    const first = words.slice();
    const started = performance.now();
    await model.fit(data, { batchSize: net.batchSize });
    const milliseconds = (performance.now() - started) / STEPS;
    console.log(`\n${name}, batch ${net.batchSize}: ${engine.workersReason}`);
    console.log(
      `  ${'a step'.padEnd(14)}${milliseconds.toFixed(1).padStart(14)} ms, with the way of the state up and down`,
    );
    console.log(`  ${''.padEnd(14)}${'first step'.padStart(14)}${`next ${STEPS}, each`.padStart(18)}`);
    COUNTED.forEach((what, i) => {
      const later = (words[i] - first[i]) / STEPS;
      console.log(
        `  ${what.padEnd(14)}${String(first[i]).padStart(14)}${later.toFixed(later < 100 ? 2 : 0).padStart(18)}`,
      );
    });
    await engine.dispose();
  }
}

function counting(backend: Backend, words: Float64Array): Backend {
  const [{ url, options }] = backend.modules;
  return defineBackend({
    name: 'webgpu',
    kernels: new URL(url),
    executor: new URL('./counting-executor.js', import.meta.url),
    options: { ...options, words },
  });
}
