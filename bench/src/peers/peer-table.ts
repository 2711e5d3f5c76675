/** What was seen of a peer; or why nothing was. */
export type PeerResult = {
  readonly net: string;
  readonly threads: number;
  readonly batchSize: number;
  readonly peer: string;
} & ({ readonly skipped: string } | Measured);

interface Measured {
  readonly version: string;
  readonly threadsUsed: number;
  /** Milliseconds a step over the rounds. */
  readonly median: number;
  readonly least: number;
  readonly rounds: number;
  /** Largest relative difference of the first losses from ours; null where there is none to compare. */
  readonly lossDifference: number | null;
  /** Images of the steps that were timed; where fewer than those of a step, the time is multiplied. */
  readonly measuredBatch: number;
  /** Only outputs are computed, and compared with ours. */
  readonly forwardOnly: boolean;
}

/** A table for each net and number of threads; the ratio is theirs to ours, of outputs to outputs where there is no training. */
export function markdownOf(results: readonly PeerResult[]): string {
  const groups = new Map<string, PeerResult[]>();
  for (const result of results) {
    const { net, threads, batchSize } = result;
    const title = `${net}, batch ${batchSize}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    groups.set(title, [...(groups.get(title) ?? []), result]);
  }
  return [...groups].map(([title, group]) => `### ${title}\n\n${tableOf(group)}`).join('\n\n');
}

function tableOf(group: readonly PeerResult[]): string {
  const rows = group.map((result) => {
    if ('skipped' in result) return `| ${result.peer} | skipped: ${result.skipped.replaceAll('|', '/')} | | | | |`;
    const { peer, version, median, least, batchSize, lossDifference, forwardOnly } = result;
    const reference = medianOf(group, forwardOnly ? 'convoy-forward' : 'convoy');
    const notes = notesOf(result);
    const perSecond = (1000 * batchSize) / median;
    const cells = [
      notes.length > 0 ? `${peer} ${version} (${notes.join(', ')})` : `${peer} ${version}`,
      median.toFixed(2),
      least.toFixed(2),
      perSecond.toFixed(perSecond < 10 ? 1 : 0),
      reference === null ? '' : `${(median / reference).toFixed(2)}×`,
      lossDifference === null ? '' : lossDifference.toExponential(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| library | ms a step (median) | least | images/s | against Convoy | losses differ by |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function notesOf({ threads, threadsUsed, batchSize, measuredBatch, rounds, forwardOnly }: PeerResult & Measured) {
  const notes: string[] = [];
  if (forwardOnly) notes.push('forward only');
  if (threadsUsed !== threads) notes.push(threadsUsed === 1 ? '1 thread' : `${threadsUsed} threads`);
  if (measuredBatch !== batchSize) notes.push(`timed on ${measuredBatch} images`);
  if (rounds === 1) notes.push('timed once');
  return notes;
}

function medianOf(group: readonly PeerResult[], peer: string): number | null {
  const result = group.find((each) => each.peer === peer);
  return result && 'median' in result ? result.median : null;
}
