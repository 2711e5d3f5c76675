import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { printReport } from '@convoy/engine';
import { plotReport } from '@convoy/plots';
import type { Screen } from '../command/screen.js';
import { loadDataSet, type DataSet } from '../digits/data-set.js';
import { makeOutFolder, shortPath } from '../command/out-folder.js';
import { describeData } from '../digits/report.js';
import { contenders } from './contenders.js';
import type { Options } from './options.js';
import { race, type Race } from './race.js';
import { racePicture } from './race-picture.js';
import { raceTable } from './race-table.js';

/**
 * Trains with every strategy and number of replicas, one after the other, and shows what came of it.
 *
 * @throws the signal's reason when it is aborted
 */
export async function compare(options: Options, screen: Screen, signal: AbortSignal): Promise<void> {
  const { out, slow, replicas, strategies, batchSize } = options;
  await makeOutFolder(out, 'the pictures');
  const data = shortened(await loadDataSet(options.data), options.images);
  screen.print(describeData(data));
  const chosen = contenders.filter(({ id }) => strategies.includes(id));
  const races: Race[] = [];
  for (const count of replicas) {
    for (const contender of chosen) {
      races.push(await race(contender, count, data, options, signal));
      screen.print(`${contender.name}, ${count}: done`);
    }
  }
  screen.print(`\n${raceTable(races)}`);
  const reported = races.findLast(({ report }) => report !== null);
  if (reported?.report) screen.print(`\n${printReport(reported.report)}`);

  const ending = slow > 1 ? '-slow.svg' : '.svg';
  const picture = path.join(out, `strategies${ending}`);
  await writeFile(picture, racePicture({ races, dataName: data.name, slow, batchSize }));
  screen.print(`\nPicture: ${shortPath(picture)}`);
  for (const { contender, replicas: count, report } of races) {
    if (!report || count !== Math.max(...replicas)) continue;
    await writeFile(path.join(out, `${contender.id}-${count}${ending}`), plotReport(report));
  }
  screen.print(`Pictures of the reports beside it, of the runs with ${Math.max(...replicas)} replicas`);
}

/** The first so many images; those of the digits come class by class, so they are taken at equal distances. */
function shortened(data: DataSet, count = data.train.labels.length): DataSet {
  const all = data.train.labels.length;
  if (count >= all) return data;
  const pixels = data.height * data.width;
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const row = Math.floor((i * all) / count);
    images.set(data.train.images.subarray(row * pixels, (row + 1) * pixels), i * pixels);
    labels[i] = data.train.labels[row];
  }
  return { ...data, train: { images, labels } };
}
