import { stripVTControlCharacters } from 'node:util';
import { ConvoyError } from '@convoy/engine';
import { defineCommand, renderUsage, runMain, type ArgsDef, type ParsedArgs } from 'citty';
import { Screen } from './screen.js';

const INTERRUPTED = 130;

/** A command of the examples. */
export interface Command<T extends ArgsDef> {
  /** As one types it. */
  readonly name: string;
  readonly description: string;
  readonly args: T;
  /** @returns whether all went well. @throws the signal's reason when it is aborted, ConvoyError for what the user can mend */
  readonly run: (args: ParsedArgs<T>, screen: Screen, signal: AbortSignal) => Promise<boolean>;
}

/** Runs a command with the arguments of the process: says what went wrong in one line, stops at Ctrl-C, sets the exit code. */
export async function runCommand<T extends ArgsDef>({ name, description, args, run }: Command<T>): Promise<void> {
  const screen = new Screen(process.stdout);
  const interrupt = new AbortController();

  /** What is no mistake of the user is thrown on. */
  const exitCodeOf = (error: unknown): number => {
    if (interrupt.signal.aborted && error === interrupt.signal.reason) {
      screen.print('Interrupted: stopped after the running step.');
      return INTERRUPTED;
    }
    if (!(error instanceof ConvoyError)) throw error;
    console.error(error.message);
    return 1;
  };
  const command = defineCommand<T>({
    meta: { name, description },
    args,
    async run(context) {
      // Once: a second Ctrl-C ends the process at once.
      process.once('SIGINT', () => interrupt.abort());
      try {
        process.exitCode = (await run(context.args, screen, interrupt.signal)) ? 0 : 1;
      } catch (error) {
        process.exitCode = exitCodeOf(error);
      }
    },
  });
  await runMain(command, {
    async showUsage(shown) {
      const usage = await renderUsage(shown);
      screen.print(screen.colours ? usage : stripVTControlCharacters(usage));
    },
  });
}
