/** Trains a small CNN on real handwritten digits, or on a folder of IDX files; `--help` lists the options. */
import { stripVTControlCharacters } from 'node:util';
import { ConvoyError } from '@convoy/engine';
import { defineCommand, renderUsage, runMain } from 'citty';
import { optionArguments, optionsOf } from './options.js';
import { Screen } from './screen.js';
import { trainAndShow } from './train-and-show.js';

const INTERRUPTED = 130;

const screen = new Screen(process.stdout);
const interrupt = new AbortController();

const command = defineCommand({
  meta: { name: 'npm start --', description: 'Trains a small CNN on handwritten digits' },
  args: optionArguments,
  async run({ args }) {
    // Once: a second Ctrl-C ends the process at once.
    process.once('SIGINT', () => interrupt.abort());
    try {
      const identical = await trainAndShow(optionsOf(args), screen, interrupt.signal);
      process.exitCode = identical ? 0 : 1;
    } catch (error) {
      process.exitCode = exitCodeOf(error);
    }
  },
});

/** Says what went wrong; what is no mistake of the user is thrown on. */
function exitCodeOf(error: unknown): number {
  if (interrupt.signal.aborted && error === interrupt.signal.reason) {
    screen.print('Interrupted: stopped after the running step.');
    return INTERRUPTED;
  }
  if (!(error instanceof ConvoyError)) throw error;
  console.error(error.message);
  return 1;
}

await runMain(command, {
  async showUsage(shown) {
    const usage = await renderUsage(shown);
    screen.print(screen.colours ? usage : stripVTControlCharacters(usage));
  },
});
