import { expect, test } from 'vitest';
import { explore, type Scenario, type ThreadPlan } from './explore.js';
import type { Turn } from './replayed-thread.js';

const LABELS = new Map([
  [0, 'flag'],
  [4, 'data'],
]);

function scenario(
  turns: Record<string, Turn>,
  more: Partial<Scenario> & { plans?: Partial<ThreadPlan> } = {},
): Scenario {
  return {
    bytes: 16,
    prepare: () => undefined,
    threads: Object.entries(turns).map(([name, turn]) => ({ name, turns: [turn], ...more.plans })),
    label: (address) => LABELS.get(address) ?? `word ${address}`,
    ...more,
  };
}

const addTwice: Turn = (words) => {
  words.add(0, 1);
  words.add(0, 1);
  return [];
};

test('every order of accesses is run: two threads of two accesses have 6, three have 90', () => {
  expect(explore(scenario({ a: addTwice, b: addTwice }))).toMatchObject({ schedules: 6 });
  expect(explore(scenario({ a: addTwice, b: addTwice, c: addTwice }))).toMatchObject({ schedules: 90 });
});

test('a thread is killed at every point: before its first access, before its second, or not at all', () => {
  const exploration = explore(scenario({ a: addTwice }, { plans: { mayDie: true } }));
  expect(exploration).toMatchObject({ schedules: 3 });
});

test('only one thread of a schedule is killed', () => {
  const killed = new Set<string>();
  const atEnd: Scenario['atEnd'] = ({ fateOf }) => void killed.add(`${fateOf('a')} ${fateOf('b')}`);
  explore(scenario({ a: addTwice, b: addTwice }, { plans: { mayDie: true }, atEnd }));
  expect([...killed].toSorted()).toEqual(['ended ended', 'ended killed', 'killed ended']);
});

test('accesses to own words are no scheduling points, and are refused to others', () => {
  const writesOwn: Turn = (words) => {
    words.add(0, 1);
    words.writeFloat(8, 1);
    words.add(0, 1);
    return [];
  };
  const own = { name: 'a', turns: [writesOwn], own: [8, 12] as const };
  const base = scenario({ b: addTwice });
  expect(explore({ ...base, threads: [own, ...base.threads] })).toMatchObject({ schedules: 6 });
  const trespasser = { name: 'b', turns: [writesOwn] };
  expect(explore({ ...base, threads: [own, trespasser] }).violation?.message).toMatch('address 8 belongs to a');
});

test('an update lost between a load and a store is found, and the trace shows how', () => {
  const loadStore: Turn = (words) => {
    words.store(0, words.load(0) + 1);
    return [];
  };
  const atEnd: Scenario['atEnd'] = ({ memory }) => {
    if (memory.load(0) !== 2) throw new Error(`${memory.load(0)} of 2`);
  };
  const { violation } = explore(scenario({ a: loadStore, b: loadStore }, { atEnd }));
  expect(violation?.message).toBe('at the end: 1 of 2');
  expect(violation?.trace.split('\n').map((line) => line.replace(/ +/, ' '))).toEqual([
    'a load flag = 0',
    'b load flag = 0',
    'a store flag <- 1',
    'b store flag <- 1',
  ]);
});

test('data handed over by an atomic flag does not race, by a plain flag it does', () => {
  const send: Turn = (words) => {
    words.writeFloat(4, 7);
    words.store(0, 1);
    return [];
  };
  const receive: Turn = (words) => (words.load(0) === 1 ? [words.readFloat(4)] : []);
  const guess: Turn = (words) => (words.readFloat(0) === 1 ? [words.readFloat(4)] : []);
  const hasty: Turn = (words) => [words.load(0), words.readFloat(4)];
  expect(explore(scenario({ send, receive })).violation).toBeUndefined();
  expect(explore(scenario({ send, guess })).violation?.message).toMatch('data race on flag');
  expect(explore(scenario({ send, hasty })).violation?.message).toMatch('data race on data');
});

test('order that comes from chance alone is a race: a store that was not found hands nothing over', () => {
  // Whenever the reader's load comes first, its read does too, unless the writer overtakes it in between.
  const writer: Turn = (words) => {
    words.store(0, 1);
    words.writeFloat(4, 7);
    return [];
  };
  const reader: Turn = (words) => (words.load(0) === 0 ? [words.readFloat(4)] : []);
  expect(explore(scenario({ writer, reader })).violation?.message).toMatch('data race on data');
});

test('an error of a thread is a violation with the accesses that led to it', () => {
  const fails: Turn = (words) => {
    if (words.load(0) === 2) throw new Error('found 2');
    return [];
  };
  const { violation } = explore(scenario({ addTwice, fails }));
  expect(violation?.message).toBe('fails: found 2');
  expect(violation?.trace.split('\n')).toHaveLength(3);
});
