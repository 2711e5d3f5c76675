/** A custom backend: extends js, and counts in its own relu what ran on all threads. */
import { createEngine } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam } from '@convoy/optimizers';
import { countingJs } from './counting-js.js';

// The distance from 0.
const x = Float32Array.from({ length: 256 }, (_, i) => i / 128 - 1);
const y = x.map(Math.abs);

const counts = new BigInt64Array(new SharedArrayBuffer(16));
await using engine = await createEngine({ backend: countingJs(counts.buffer) });
const model = engine.sequential([dense({ units: 16, activation: 'relu', inputShape: [1] }), dense({ units: 1 })]);
model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'meanSquaredError' });
const { history } = await model.fit({ x, y }, { epochs: 20 });

const [first, last] = [history.loss[0], history.loss[19]].map((loss) => loss.toFixed(4));
console.log(`Loss: ${first} in the first epoch, ${last} in the last`);
const [values, zeros] = [...counts].map(Number);
const share = ((100 * zeros) / values).toFixed(1);
console.log(`relu gave ${values} values (20 epochs, 256 examples, 16 units), ${share} % of them 0`);
