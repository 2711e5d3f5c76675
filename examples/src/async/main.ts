/** Trains one small CNN with every strategy and draws how they compare; `--help` lists the options. */
import { runCommand } from '../command/run-command.js';
import { compare } from './compare.js';
import { optionArguments, optionsOf } from './options.js';

await runCommand({
  name: 'npm run example:async --',
  description: 'Compares the strategies of asynchronous training',
  args: optionArguments,
  async run(args, screen, signal) {
    await compare(optionsOf(args), screen, signal);
    return true;
  },
});
