/** `npm run bench -- NAME`: measures on this machine and prints a table; nothing here is part of the tests. */
import { kernels } from './kernels/kernels.js';
import { profile } from './profile/profile.js';
import { responsiveness } from './responsiveness/responsiveness.js';
import { scaling } from './scaling/scaling.js';

const benches: Readonly<Record<string, () => Promise<void>>> = { kernels, profile, scaling, responsiveness };

const [name, ...rest] = process.argv.slice(2);
const chosen = name === undefined ? undefined : benches[name];
if (!chosen || rest.length > 0) {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  await chosen();
}
