import type { Labels } from './access.js';
import { cutInTwo, madePlain, withFaults } from './mutate.js';
import type { Fault } from './publication-mutations.js';

const FREE = 0;

export function claimsFaults(label: Labels): Fault[] {
  const isUnit = (address: number): boolean => label(address).startsWith('unit');
  const isNext = (address: number): boolean => label(address) === 'next';
  const [next, revoked] = [addressOf('next', label), addressOf('revoked', label)];

  return [
    {
      name: 'a unit is taken by a load and a store',
      says: /not the thread's that claimed it|some twice/,
      mutation: (words) => cutInTwo(words, isUnit),
    },
    {
      name: 'a unit is taken by plain accesses',
      says: /^data race on unit/,
      mutation: (words) => madePlain(words, isUnit),
    },
    {
      name: 'the counter moves on by plain accesses',
      says: /^data race on next/,
      mutation: (words) => madePlain(words, isNext),
    },
    {
      name: 'the counter moves on before the unit is taken',
      says: /1 of 2 units are lost/,
      mutation: (words) =>
        withFaults(words, {
          compareExchange: (address, expected, value) => {
            const unit = Number(label(address).split(' ')[1]);
            if (isUnit(address) && expected === FREE) words.compareExchange(next, unit, unit + 1);
            return words.compareExchange(address, expected, value);
          },
        }),
    },
    {
      name: 'a revoked unit is not counted',
      says: /of 2 units are lost/,
      mutation: (words) => withFaults(words, { add: () => 0 }),
    },
    {
      name: 'a revoked unit is counted before it is free',
      says: /of 2 units are lost/,
      mutation: (words) =>
        withFaults(words, {
          compareExchange: (address, expected, value) => {
            if (isUnit(address) && value === FREE) words.add(revoked, 1);
            return words.compareExchange(address, expected, value);
          },
          add: () => 0,
        }),
    },
    {
      name: 'a look for revoked units stops short of the counter',
      says: /1 of 2 units are lost/,
      mutation: (words) => {
        let end = 0;
        return withFaults(words, {
          load: (address) => {
            const found = words.load(address);
            if (isNext(address)) end = found;
            return isUnit(address) && label(address) === `unit ${end}` ? -1 : found;
          },
        });
      },
    },
  ];
}

function addressOf(word: string, label: Labels): number {
  let address = 0;
  while (label(address) !== word) address += 4;
  return address;
}
