// What every peer starts from, and how it is told to work: see src/peers/recipe.ts and src/peers/peer-process.ts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The recipe in the folder that the first argument names: nets, weights by kernel, images and labels. */
export function readRecipe() {
  const [folder, threads] = process.argv.slice(2);
  const bytes = (name) => {
    const { buffer, byteOffset, byteLength } = readFileSync(path.join(folder, name));
    return buffer.slice(byteOffset, byteOffset + byteLength);
  };
  const recipe = JSON.parse(readFileSync(path.join(folder, 'recipe.json'), 'utf8'));
  const all = new Float32Array(bytes('weights.f32'));
  let start = 0;
  const kernels = recipe.kernels.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    start += size;
    return { shape, values: all.slice(start - size, start) };
  });
  return {
    ...recipe,
    kernels,
    threads: Number(threads),
    x: new Float32Array(bytes('x.f32')),
    y: new Int32Array(bytes('y.i32')),
  };
}

/** The images and labels of a step. */
export function batchOf({ x, y, batchSize, batches }, step) {
  const at = (step % batches) * batchSize;
  const perImage = x.length / y.length;
  return {
    x: x.subarray(at * perImage, (at + batchSize) * perImage),
    y: y.subarray(at, at + batchSize),
  };
}

/** Of an installed package, as its package.json says. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}

/** Does so many steps for each line of the standard input; `step(i)` gives the loss of step i. */
export async function serve(version, threads, step) {
  console.log(JSON.stringify({ version, threads }));
  let done = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const losses = [];
    const started = performance.now();
    for (let i = 0; i < Number(line); i++) losses.push(await step(done++));
    const milliseconds = performance.now() - started;
    console.log(JSON.stringify({ milliseconds, losses }));
  }
  process.exit(0);
}
