/** `npm run bench -- NAME`: measures on this machine and prints a table; nothing here is part of the tests. */
import { gpu } from './gpu/gpu.js';
import { kernels } from './kernels/kernels.js';
import { peers } from './peers/peers.js';
import { profile } from './profile/profile.js';
import { responsiveness } from './responsiveness/responsiveness.js';
import { scaling } from './scaling/scaling.js';
import { strategies } from './strategies/strategies.js';
import { subnormals } from './subnormals/subnormals.js';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  gpu,
  kernels: withoutOptions(kernels),
  peers,
  profile: withoutOptions(profile),
  responsiveness: withoutOptions(responsiveness),
  scaling: withoutOptions(scaling),
  strategies,
  subnormals: withoutOptions(subnormals),
};

const [name, ...rest] = process.argv.slice(2);
const chosen = name === undefined ? undefined : benches[name];
if (!chosen) {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  await chosen(rest);
}

function withoutOptions(bench: () => Promise<void>): (args: readonly string[]) => Promise<void> {
  return (args) => {
    if (args.length > 0) throw new RangeError(`${bench.name} takes no options, got ${args.join(' ')}`);
    return bench();
  };
}
