/** A custom optimizer: used by name with its defaults, then as a value with options of its own. */
import { wasm } from '@convoy/backend-wasm';
import { createEngine } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { lion, lionPlugin } from './lion.js';

// One period of a sine.
const x = Float32Array.from({ length: 256 }, (_, i) => i / 128 - 1);
const y = x.map((value) => Math.sin(Math.PI * value));

await using engine = await createEngine({ backend: wasm(), plugins: [lionPlugin] });
for (const optimizer of ['lion', lion({ learningRate: 3e-3, beta2: 0.98 })]) {
  const model = engine.sequential([dense({ units: 16, activation: 'tanh', inputShape: [1] }), dense({ units: 1 })]);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const { loss: before } = await model.evaluate({ x, y });
  await model.fit({ x, y }, { epochs: 200 });
  const { loss: after } = await model.evaluate({ x, y });
  const kind = typeof optimizer === 'string' ? `'${optimizer}'` : `lion(${JSON.stringify(optimizer.config.options)})`;
  console.log(`Loss with ${kind}: ${before.toFixed(4)} before training, ${after.toFixed(4)} after`);
}
