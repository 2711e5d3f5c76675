/** A peer in a process of its own: it is told how many steps to do, and answers with lines of JSON. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { reasonIn } from './reason-in.js';

/** The first line of a peer. */
export interface Greeting {
  readonly version: string;
  /** Threads that it really uses. */
  readonly threads: number;
}

/** The answer to a number of steps. */
export interface Run {
  readonly milliseconds: number;
  /** Of each step; of a peer that only computes outputs, the sum of their magnitudes. */
  readonly losses: readonly number[];
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Stopped processes would not see that this one ends. */
const children = new Set<Child>();

/** Windows has no signals that stop and continue. */
const canStop = process.platform !== 'win32';

export class PeerProcess {
  readonly greeting: Greeting;
  readonly #child: Child;
  readonly #next: () => Promise<unknown>;

  private constructor(greeting: Greeting, child: Child, next: () => Promise<unknown>) {
    this.greeting = greeting;
    this.#child = child;
    this.#next = next;
  }

  /** @throws Error with the reason that the process printed, when it ends before it answers */
  static async start(command: string, args: readonly string[]): Promise<PeerProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    endWithThis(child);
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = `${errors}${text}`.slice(-4000)));
    // A process that ended takes no more; its end is what is said.
    child.stdin.on('error', () => undefined);
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      // After the last of its output.
      child.once('close', (code, signal) => reject(new Error(`ended with ${signal ?? code}: ${reasonIn(errors)}`)));
    });
    // Awaited only while an answer is awaited.
    ended.catch(() => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => {
      for (;;) {
        const { value, done } = await Promise.race([lines.next(), ended]);
        if (done) return ended;
        // Libraries print notices of their own.
        if (value.startsWith('{')) return JSON.parse(value);
      }
    };
    return new PeerProcess((await next()) as Greeting, child, next);
  }

  /** Between its runs the process is stopped: threads that spin for their next work would take time from the others. */
  async run(steps: number): Promise<Run> {
    if (canStop) this.#child.kill('SIGCONT');
    this.#child.stdin.write(`${steps}\n`);
    const run = (await this.#next()) as Run;
    if (canStop) this.#child.kill('SIGSTOP');
    return run;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

function endWithThis(child: Child): void {
  if (children.size === 0) {
    process.once('exit', killAll);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, endAll);
  }
  children.add(child);
  child.once('close', () => {
    children.delete(child);
    if (children.size > 0) return;
    process.off('exit', killAll);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, endAll);
  });
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

function endAll(): never {
  process.exit(1);
}
