import { machineLine } from '../machine.js';
import { accuracy } from './accuracy.js';
import { lostUpdates } from './lost-updates.js';
import { momentum } from './momentum.js';
import { predictions } from './predictions.js';
import { straggler } from './straggler.js';

const parts: Readonly<Record<string, () => Promise<void>>> = {
  straggler,
  predictions,
  lost: lostUpdates,
  accuracy,
  momentum,
};

/** The strategies of asynchronous training, in parts; arguments name some of them. */
export async function strategies(args: readonly string[]): Promise<void> {
  const unknown = args.find((name) => !(name in parts));
  if (unknown !== undefined) {
    throw new RangeError(`strategies takes names of its parts, ${Object.keys(parts).join(', ')}, got ${unknown}`);
  }
  console.log(machineLine());
  for (const [name, part] of Object.entries(parts)) {
    if (args.length > 0 && !args.includes(name)) continue;
    console.log(`\n### ${name}\n`);
    await part();
  }
}
