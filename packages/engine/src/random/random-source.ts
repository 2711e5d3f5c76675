import type { RandomSource } from '../define/initializer.js';
import { threefry2x32 } from './threefry.js';

/** A 64-bit key from a seed and a name: FNV-1a of the name, then one Threefry block. */
export function deriveKey(seed: number, name: string): [number, number] {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const out = new Uint32Array(2);
  threefry2x32(seed | 0, Math.floor(seed / 2 ** 32) | 0, hash, name.length, out);
  return [out[0] ?? 0, out[1] ?? 0];
}

/** The numbers of one name: number `index` is a function of (seed, name, index). */
export function randomSource(seed: number, name: string): RandomSource {
  const [key0, key1] = deriveKey(seed, name);
  const out = new Uint32Array(2);
  const uniform = (index: number): number => {
    threefry2x32(key0, key1, index | 0, Math.floor(index / 2 ** 32), out);
    return ((out[0] as number) * 2 ** 21 + ((out[1] as number) >>> 11)) * 2 ** -53;
  };
  /** Box and Muller's transform; 1 − u keeps the logarithm finite. */
  const normal = (index: number): number =>
    Math.sqrt(-2 * Math.log(1 - uniform(2 * index))) * Math.cos(2 * Math.PI * uniform(2 * index + 1));
  return { uniform, normal };
}
