import { lineCharts, type LineChart } from '@convoy/plots';
import type { Milestone, Race } from './race.js';

/** Below the worst result, so that the first steps, which all share, leave room for what tells them apart. */
const ROOM_BELOW = 0.12;

export interface PictureInput {
  readonly races: readonly Race[];
  readonly dataName: string;
  readonly slow: number;
  /** Of a replica. */
  readonly batchSize: number;
}

/** Accuracy against time, and below it against examples; a column for each number of replicas. */
export function racePicture({ races, dataName, slow, batchSize }: PictureInput): string {
  const columns = [...new Set(races.map(({ replicas }) => replicas))];
  const finals = races.map(({ milestones }) => milestones.at(-1)?.accuracy ?? 0);
  const all = races.flatMap(({ milestones }) => milestones);
  const lowest = Math.max(0, Math.min(...finals) - ROOM_BELOW);
  const highest = Math.min(1, Math.max(...finals) + 0.01);
  const y = { label: 'test accuracy (%)', domain: [100 * lowest, 100 * highest] } as const;
  const row = (what: string, x: (milestone: Milestone) => number, label: string): LineChart[] =>
    columns.map((replicas) => ({
      title: `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}: ${what}`,
      x: { label, domain: [0, 1.02 * Math.max(...all.map(x))] },
      y,
      series: races
        .filter((race) => race.replicas === replicas)
        .map(({ contender, milestones }) => ({
          name: contender.name,
          points: milestones.map((milestone) => ({ x: x(milestone), y: 100 * milestone.accuracy })),
        })),
    }));
  return lineCharts({
    title: `Strategies on ${dataName}${slow > 1 ? `, one replica slowed ${slow} times` : ''}`,
    subtitle:
      `The same net and images for all, batches of ${batchSize}; each marker is a test. ` +
      `Synchronous: one batch a step, as many workers as replicas.`,
    // Of one number of replicas both lie side by side.
    columns: Math.max(2, columns.length),
    charts: [
      ...row('by time', ({ seconds }) => seconds, 'training time (s)'),
      ...row('by examples', ({ examples }) => examples / 1000, 'images trained on (thousands)'),
    ],
  });
}
