/** Trains a small CNN on real handwritten digits, or on a folder of IDX files; `--help` lists the options. */
import { runCommand } from '../command/run-command.js';
import { optionArguments, optionsOf } from './options.js';
import { trainAndShow } from './train-and-show.js';

await runCommand({
  name: 'npm start --',
  description: 'Trains a small CNN on handwritten digits',
  args: optionArguments,
  run: async (args, screen, signal) => trainAndShow(optionsOf(args), screen, signal),
});
