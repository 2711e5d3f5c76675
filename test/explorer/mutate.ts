import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';

type Single = 'load' | 'store' | 'add' | 'compareExchange' | 'readFloat' | 'writeFloat';

/** The same memory, but for some accesses that go wrong. */
export function withFaults(words: SharedWords, faults: Partial<Pick<SharedWords, Single>>): SharedWords {
  const single: Pick<SharedWords, Single> = {
    load: faults.load ?? ((address) => words.load(address)),
    store: faults.store ?? ((address, value) => words.store(address, value)),
    add: faults.add ?? ((address, value) => words.add(address, value)),
    compareExchange:
      faults.compareExchange ?? ((address, expected, value) => words.compareExchange(address, expected, value)),
    readFloat: faults.readFloat ?? ((address) => words.readFloat(address)),
    writeFloat: faults.writeFloat ?? ((address, value) => words.writeFloat(address, value)),
  };
  const copyFloats = (to: number, from: number, length: number): void => {
    for (let i = 0; i < length; i++) single.writeFloat(to + 4 * i, single.readFloat(from + 4 * i));
  };
  return {
    ...single,
    copyFloats,
    copyRacedFloats: copyFloats,
    addFloats: (to, from, length) => {
      for (let i = 0; i < length; i++) {
        const sum = single.readFloat(to + 4 * i) + single.readFloat(from + 4 * i);
        single.writeFloat(to + 4 * i, sum);
      }
    },
  };
}

/** Atomic accesses to the chosen words become plain ones, an operation that reads and writes two of them. */
export function madePlain(words: SharedWords, chosen: (address: number) => boolean): SharedWords {
  return withFaults(words, {
    load: (address) => (chosen(address) ? words.readFloat(address) : words.load(address)),
    store: (address, value) => (chosen(address) ? words.writeFloat(address, value) : words.store(address, value)),
    compareExchange: (address, expected, value) => {
      if (!chosen(address)) return words.compareExchange(address, expected, value);
      const found = words.readFloat(address);
      if (found === expected) words.writeFloat(address, value);
      return found;
    },
    add: (address, value) => {
      if (!chosen(address)) return words.add(address, value);
      const found = words.readFloat(address);
      words.writeFloat(address, found + value);
      return found;
    },
  });
}

/** Operations on the chosen words that read and write become an atomic load and an atomic store. */
export function cutInTwo(words: SharedWords, chosen: (address: number) => boolean): SharedWords {
  return withFaults(words, {
    compareExchange: (address, expected, value) => {
      if (!chosen(address)) return words.compareExchange(address, expected, value);
      const found = words.load(address);
      if (found === expected) words.store(address, value);
      return found;
    },
    add: (address, value) => {
      if (!chosen(address)) return words.add(address, value);
      const found = words.load(address);
      words.store(address, found + value);
      return found;
    },
  });
}
