import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { machineLine } from '../machine.js';
import { madeImages } from '../nets/made-images.js';
import { nets } from '../nets/nets.js';
import { digitNet, wasmEngine } from './digit-net.js';

const STEPS = 5500;
const BATCH = 32;
const RESOLUTION_MS = 1;
/** Steps after which the memory in use is first looked at. */
const FIRST_LOOK = 500;
/** A small data set, read all the time: what the system might page out of a large one is not our doing. */
const STEPS_PER_EPOCH = 50;

/**
 * What a server that trains would feel: the delay of the event loop from the first step on, above that of an idle
 * loop, and the memory in use after 500 and 5,500 steps. Needs `--expose-gc`, which it sets itself.
 */
export async function responsiveness(): Promise<void> {
  const collect = await garbageCollector();
  const idle = await idleDelay();
  const engine = await wasmEngine(2);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  try {
    const model = digitNet(engine);
    const data = madeImages(nets.digits, BATCH * STEPS_PER_EPOCH);
    const looks = new Set([FIRST_LOOK, STEPS].map((steps) => steps / STEPS_PER_EPOCH - 1));
    const memory: number[] = [];
    for await (const event of model.fit(data, { epochs: STEPS / STEPS_PER_EPOCH, batchSize: BATCH })) {
      if (event.type === 'step' && event.epoch === 0 && event.step === 0) delay.enable();
      if (event.type === 'epochEnd' && looks.has(event.epoch)) {
        delay.disable();
        memory.push(await residentBytes(collect));
        delay.enable();
      }
    }
    delay.disable();
    const [first, last] = memory;
    console.log(machineLine());
    console.log(`${STEPS} steps of batch ${BATCH}, 2 workers\n`);
    console.log(`event-loop delay, 99th percentile: ${milliseconds(delay)} ms; idle: ${milliseconds(idle)} ms`);
    console.log(
      `above timer resolution: ${((delay.percentile(99) - idle.percentile(99)) / 1e6).toFixed(2)} ms (maximum ${(delay.max / 1e6).toFixed(1)} ms)`,
    );
    console.log(
      `RSS after step ${FIRST_LOOK}: ${mebibytes(first)}, after step ${STEPS}: ${mebibytes(last)} (${(100 * (last / first - 1)).toFixed(1)} %)`,
    );
  } finally {
    await engine.dispose();
  }
}

async function garbageCollector(): Promise<() => void> {
  const v8 = await import('node:v8');
  const vm = await import('node:vm');
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc') as () => void;
}

async function residentBytes(collect: () => void): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await setTimeout(50);
  }
  return process.memoryUsage.rss();
}

/** What the monitor reports where nothing runs: its own timer's resolution. */
async function idleDelay(): Promise<IntervalHistogram> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await setTimeout(2000);
  delay.disable();
  return delay;
}

function milliseconds(delay: IntervalHistogram): string {
  return (delay.percentile(99) / 1e6).toFixed(2);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
