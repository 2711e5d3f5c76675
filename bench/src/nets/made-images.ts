import type { Net } from './nets.js';

/** Images of a net's size: a bright stripe whose place is the class, and a pattern that differs by image. */
export function madeImages({ input, classes }: Net, examples: number): { x: Float32Array; y: Int32Array } {
  const [height, width, channels] = input;
  const y = Int32Array.from({ length: examples }, (_, i) => i % classes);
  const rowSize = width * channels;
  const x = Float32Array.from({ length: examples * height * rowSize }, (_, j) => {
    const example = Math.floor(j / (height * rowSize));
    const row = Math.floor(j / rowSize) % height;
    const noise = Math.abs(Math.sin(j * 12.9898 + example * 78.233));
    return Math.floor((row * classes) / height) === y[example] ? 0.7 + 0.3 * noise : 0.3 * noise;
  });
  return { x, y };
}
