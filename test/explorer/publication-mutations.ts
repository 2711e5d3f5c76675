import type { Labels } from './access.js';
import type { Mutation } from './explore.js';
import { madePlain, withFaults } from './mutate.js';

/** A fault of the publication, and what the explorer must say of it. */
export interface Fault {
  readonly name: string;
  readonly says: RegExp;
  readonly mutation: Mutation;
}

const isReader = (thread: string): boolean => thread.startsWith('reader');

/** Faults in a memory where the readers' names begin with "reader"; all other threads are writers. */
export function publicationFaults(label: Labels): Fault[] {
  const isCurrent = (address: number): boolean => label(address) === 'current';
  const isHold = (address: number): boolean => label(address).startsWith('held');
  const isBuffer = (address: number): boolean => label(address).startsWith('buffer');
  const isVersion = (address: number): boolean => label(address).includes('version');
  const ofReaders =
    (mutation: Mutation): Mutation =>
    (words, thread) =>
      isReader(thread) ? mutation(words, thread) : words;
  const ofWriters =
    (mutation: Mutation): Mutation =>
    (words, thread) =>
      isReader(thread) ? words : mutation(words, thread);

  return [
    {
      name: 'the writer makes a buffer current by a plain store',
      says: /^data race on current/,
      mutation: ofWriters((words) => madePlain(words, isCurrent)),
    },
    {
      name: 'a reader looks up the current buffer by a plain load',
      says: /^data race on current/,
      mutation: ofReaders((words) => madePlain(words, isCurrent)),
    },
    {
      name: 'a reader writes its hold word by a plain store',
      says: /^data race on held/,
      mutation: ofReaders((words) => madePlain(words, isHold)),
    },
    {
      name: 'the writer reads the hold words by plain loads',
      says: /^data race on held/,
      mutation: ofWriters((words) => madePlain(words, isHold)),
    },
    {
      name: 'the second check is left out',
      says: /^data race on buffer/,
      mutation: ofReaders((words) => {
        let first: number | undefined;
        return withFaults(words, {
          load: (address) => {
            if (!isCurrent(address)) return words.load(address);
            const found = first ?? words.load(address);
            first = first === undefined ? found : undefined;
            return found;
          },
        });
      }),
    },
    {
      name: 'the hold word is written after the second check',
      says: /^data race on buffer/,
      mutation: ofReaders((words) => {
        let late: (() => void) | undefined;
        return withFaults(words, {
          load: (address) => {
            const found = words.load(address);
            late?.();
            late = undefined;
            return found;
          },
          store: (address, value) => {
            if (value === 0) words.store(address, value);
            else late = () => words.store(address, value);
          },
        });
      }),
    },
    {
      name: 'the hold word is not written',
      says: /^data race on buffer/,
      mutation: ofReaders((words) => withFaults(words, { store: () => undefined })),
    },
    {
      name: 'a reader lets go before it reads',
      says: /^data race on buffer/,
      mutation: ofReaders((words) => {
        let hold: number | undefined;
        return withFaults(words, {
          store: (address, value) => {
            words.store(address, value);
            hold = address;
          },
          readFloat: (address) => {
            if (hold !== undefined) words.store(hold, 0);
            hold = undefined;
            return words.readFloat(address);
          },
        });
      }),
    },
    {
      name: 'the writer does not look at the hold words',
      says: /^data race on buffer/,
      mutation: ofWriters((words) =>
        withFaults(words, { load: (address) => (isHold(address) ? 0 : words.load(address)) }),
      ),
    },
    {
      name: 'the writer takes the current buffer too',
      says: /^data race on buffer/,
      mutation: ofWriters((words) => {
        let looked = false;
        return withFaults(words, {
          load: (address) => {
            const lies = isCurrent(address) && !looked;
            looked ||= isCurrent(address);
            return lies ? -1 : words.load(address);
          },
        });
      }),
    },
    {
      name: 'the buffer is made current before it is filled',
      says: /^data race on buffer/,
      mutation: ofWriters((words) => {
        let early = false;
        const current = currentAddress(isCurrent);
        return withFaults(words, {
          writeFloat: (address, value) => {
            if (!early && isBuffer(address)) words.store(current, Number(label(address).split(' ')[1]));
            early = true;
            words.writeFloat(address, value);
          },
        });
      }),
    },
    {
      name: 'the version is written after the buffer is made current',
      says: /^data race on buffer \d+ version/,
      mutation: ofWriters((words) => {
        const late: (() => void)[] = [];
        return withFaults(words, {
          writeFloat: (address, value) => {
            if (isVersion(address)) late.push(() => words.writeFloat(address, value));
            else words.writeFloat(address, value);
          },
          store: (address, value) => {
            words.store(address, value);
            for (const write of late.splice(0)) write();
          },
        });
      }),
    },
  ];
}

function currentAddress(isCurrent: (address: number) => boolean): number {
  let address = 0;
  while (!isCurrent(address)) address += 4;
  return address;
}
