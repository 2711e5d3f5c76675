import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packLifetimes, type Lifetime } from '../../packages/engine/dist/graph/pack-lifetimes.js';
import type { Program, Value } from '../../packages/engine/dist/graph/program.js';
import { programOf } from './programs.js';
import { graphOf, randomMoves } from './random-graph.js';

const lifetime: fc.Arbitrary<Lifetime> = fc
  .record({ first: fc.nat(20), length: fc.nat(8), size: fc.nat(6).map((n) => 64 * n) })
  .map(({ first, length, size }) => ({ first, last: first + length, size }));

/** Bytes needed at once at the worst moment: no layout can do with less. */
function peakOf(lifetimes: readonly Lifetime[]): number {
  const liveAt = (moment: number): number =>
    lifetimes.reduce((sum, { first, last, size }) => sum + (first <= moment && moment <= last ? size : 0), 0);
  return Math.max(0, ...lifetimes.map(({ first }) => liveAt(first)));
}

test('pieces of memory that live at the same time never overlap, and all lie within the size', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 24 }), (lifetimes) => {
      const { offsets, size } = packLifetimes(lifetimes);
      lifetimes.forEach((a, i) => {
        expect(offsets[i]).toBeGreaterThanOrEqual(0);
        expect(offsets[i] + a.size).toBeLessThanOrEqual(size);
        lifetimes.slice(0, i).forEach((b, j) => {
          const together = a.first <= b.last && b.first <= a.last;
          const apart = offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i];
          expect(apart || !together || a.size === 0 || b.size === 0).toBe(true);
        });
      });
      expect(size).toBeGreaterThanOrEqual(peakOf(lifetimes));
    }),
    { numRuns: 500, seed: 30 },
  );
});

test('pieces that follow one another share their memory', () => {
  const chain = Array.from({ length: 10 }, (_, i) => ({ first: i, last: i + 1, size: 64 }));
  expect(packLifetimes(chain).size).toBe(128);
});

/** Calls in the order in which they run, by phases. */
function orderOf({ phases }: Program): number[] {
  return phases.flatMap((phase) => (phase.kind === 'shards' ? phase.calls : phase.tasks.flatMap((task) => task.calls)));
}

function bytesOf({ shape }: Value, shardSize: number): number {
  return 4 * shape.reduce<number>((n, d) => n * (d ?? shardSize), 1);
}

/**
 * Follows who wrote each byte of the activations: a call that reads a value must find it whole as one call wrote it,
 * and where the value has a maker of its own (it is no view) as that one wrote it.
 */
function brokenRead(program: Program): string | null {
  const { values, calls, shardSize } = program;
  const writers: (number | undefined)[] = [];
  const makers = new Map<number, number>();
  for (const index of orderOf(program)) {
    const { inputs, outputs, kernel } = calls[index];
    const place = (v: number) => ({ from: values[v].offset, to: values[v].offset + bytesOf(values[v], shardSize) });
    for (const input of inputs.filter((v) => values[v].part === 'activations')) {
      const { from, to } = place(input);
      const found = new Set(writers.slice(from, to));
      const [writer] = found;
      const wanted = makers.get(input) ?? writer;
      if (to > from && (found.size !== 1 || writer === undefined || writer !== wanted)) {
        return `call ${index} ${kernel} reads value ${input} as calls ${[...found].join()} left it`;
      }
    }
    for (const output of outputs.filter((v) => values[v].part === 'activations')) {
      const { from, to } = place(output);
      if (outputs.some((v) => v !== output && values[v].part === 'activations' && overlaps(place(v), { from, to }))) {
        return `call ${index} ${kernel} writes two values to one place`;
      }
      writers.length = Math.max(writers.length, to);
      writers.fill(index, from, to);
      makers.set(output, index);
    }
  }
  return null;
}

function overlaps(a: { from: number; to: number }, b: { from: number; to: number }): boolean {
  return a.from < b.to && b.from < a.to;
}

test('every call of a program reads what the call that it needs has written', () => {
  fc.assert(
    fc.property(randomMoves, (moves) => {
      const program = programOf(graphOf(moves).outputs, { examples: 6, shardSize: 3 });
      expect(brokenRead(program)).toBeNull();
    }),
    { numRuns: 300, seed: 31 },
  );
});
