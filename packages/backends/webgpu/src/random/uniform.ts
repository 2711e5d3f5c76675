import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';

/** Threefry-2x32 with 20 rounds, as the engine's own. */
const THREEFRY = `fn key_word(n: u32) -> u32 {
  let i = n % 3u;
  return select(select(0x1bd11bdau ^ p.key0 ^ p.key1, p.key1, i == 1u), p.key0, i == 0u);
}
fn rotated(y: u32, round: u32) -> u32 {
  var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  let r = rotations[round & 7u];
  return (y << r) | (y >> (32u - r));
}
fn threefry(counter0: u32, counter1: u32) -> vec2<u32> {
  var x = counter0 + p.key0;
  var y = counter1 + p.key1;
  for (var round = 0u; round < 20u; round++) {
    x += y;
    y = rotated(y, round) ^ x;
    if ((round & 3u) == 3u) {
      let injection = (round >> 2u) + 1u;
      x += key_word(injection);
      y += key_word(injection + 1u) + injection;
    }
  }
  return vec2<u32>(x, y);
}`;

/**
 * Uniform in [0, 1) with 24 bits, the bits of the other backends: element e of example n at a step is a word of the block with counter
 * (n · ⌈E/2⌉ + ⌊e/2⌋, step).
 */
export const randomUniform = defineDeviceKernel<{ key: readonly [number, number] }>({
  plan({ outputs, attributes: { key } }) {
    const [y] = outputs as [Operand];
    const { count, batch } = countOf(y);
    return eachElement({
      reads: {},
      writes: { y },
      params: { row: count, blocks: Math.ceil(count / 2), key0: key[0], key1: key[1] },
      count,
      batch,
      head: THREEFRY,
      body: `let e = i % p.row;
let words = threefry((i / p.row${batch === null ? '' : ' + run.before'}) * p.blocks + e / 2u, run.step);
y_put(i, f32(select(words.x, words.y, (e & 1u) == 1u) >> 8u) * 5.9604645e-8);`,
    });
  },
});
