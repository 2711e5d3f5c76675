import { expect, test } from 'vitest';
import { addShared, Probe } from '../../packages/engine/dist/async/shared-memory/adding.js';
import { explore, type Scenario } from './explore.js';
import { cutInTwo } from './mutate.js';
import type { Turn } from './replayed-thread.js';
import { expectNoViolation } from './verdict.js';

const [CELLS, TRIED, ONES, SUMS] = [1, 0, 64, 128];
const [MODEL, UPDATE] = [192, 256];
const HALF = 0.5;

/** Two threads add twice to a model of one float. `outcomes` collects what came of it. */
function scenario(outcomes: { tried: number; lost: number; model: number }[], mayDie = false): Scenario {
  const labels = new Map([
    [TRIED, 'tried'],
    [ONES, 'ones'],
    [SUMS, 'sums'],
    [MODEL, 'model'],
    [UPDATE, 'update'],
  ]);
  const adds: Turn = (words) => {
    addShared(words, MODEL, UPDATE, 1, new Probe(words, 0, CELLS));
    return [];
  };
  return {
    bytes: 320,
    prepare: (words) => {
      new Probe(words, 0, CELLS).reset();
      words.writeFloat(UPDATE, HALF);
    },
    threads: ['a', 'b'].map((name) => ({ name, turns: [adds, adds], mayDie })),
    mayRace: (address) => address === SUMS || address === MODEL,
    label: (address) => labels.get(address) ?? String(address),
    atEnd: ({ memory }) => {
      const probe = new Probe(memory, 0, CELLS);
      outcomes.push({ tried: probe.tried, lost: probe.lost, model: memory.readFloat(MODEL) / HALF });
    },
  };
}

const valuesOf = (numbers: number[]): number[] => [...new Set(numbers)].toSorted((a, b) => a - b);

test('plain adds of two threads keep 2, 3 or 4 of 4 updates, and the probe counts those of its cell that are lost', () => {
  const outcomes: { tried: number; lost: number; model: number }[] = [];
  expectNoViolation(scenario(outcomes), 6844);
  expect(valuesOf(outcomes.map(({ tried }) => tried))).toEqual([4]);
  expect(valuesOf(outcomes.map(({ model }) => model))).toEqual([2, 3, 4]);
  expect(valuesOf(outcomes.map(({ lost }) => lost))).toEqual([0, 1, 2]);
});

test('a probe whose tries are counted by a load and a store is inexact', () => {
  const outcomes: { tried: number; lost: number; model: number }[] = [];
  explore(scenario(outcomes), (words) => cutInTwo(words, (address) => address === TRIED));
  expect(valuesOf(outcomes.map(({ tried }) => tried))).toEqual([2, 3, 4]);
});

test('only the words that hogwild adds to race', () => {
  const { violation } = explore({ ...scenario([]), mayRace: (address) => address === SUMS });
  expect(violation?.message).toMatch('data race on model');
});
