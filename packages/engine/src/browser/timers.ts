/** In place of `node:timers/promises`. */

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.addEventListener('message', () => waiting.shift()?.());
channel.port1.start();

/** By way of a message: a browser lets timers that start each other wait for 4 ms. */
export function setImmediate(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

export function setTimeout(ms: number, value?: undefined, options: { signal?: AbortSignal } = {}): Promise<undefined> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      globalThis.clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
