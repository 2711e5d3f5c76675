import type { Race } from './race.js';

const HEAD = ['strategy', 'replicas', 'images/s', 'accuracy', 'updates', 'mean staleness', 'lost', 'computing'];

/** A line for each run: throughput, accuracy at the end, and what its report tells. */
export function raceTable(races: readonly Race[]): string {
  const rows = [HEAD, ...races.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n');
}

function rowOf({ contender, replicas, milestones, report }: Race): string[] {
  const last = milestones.at(-1);
  const rate = last ? (last.examples / last.seconds).toFixed(0) : '–';
  const accuracy = last ? percent(last.accuracy) : '–';
  const start = [contender.name, String(replicas), rate, accuracy];
  if (!report) return [...start, '–', '–', '–', '–'];
  const { updates, staleness } = report;
  const stale = staleness.reduce((sum, count, s) => sum + s * count, 0) / Math.max(1, updates.applied);
  const computing = report.replicas.map(({ busySeconds }) => percent(busySeconds / report.seconds, 0));
  return [...start, String(updates.applied), stale.toFixed(2), percent(updates.lostShare, 2), computing.join(' ')];
}

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
