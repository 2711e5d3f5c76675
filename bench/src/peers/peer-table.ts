/** What was seen of a peer; or why nothing was. */
export type PeerResult = {
  readonly net: string;
  readonly threads: number;
  readonly batchSize: number;
  readonly peer: string;
} & (
  | { readonly skipped: string }
  | {
      readonly version: string;
      readonly threadsUsed: number;
      /** Milliseconds a step over the rounds. */
      readonly median: number;
      readonly least: number;
      /** Largest relative difference of the first losses from ours; null where there is none to compare. */
      readonly lossDifference: number | null;
      /** Images of the steps that were timed; where fewer than those of a step, the time is multiplied. */
      readonly measuredBatch: number;
      readonly forwardOnly: boolean;
    }
);

/** A table for each net and number of threads; the ratio is theirs to ours. */
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
  const ours = group.find(({ peer }) => peer === 'convoy');
  const reference = ours && 'median' in ours ? ours.median : Number.NaN;
  const rows = group.map((result) => {
    if ('skipped' in result) return `| ${result.peer} | skipped: ${result.skipped.replaceAll('|', '/')} | | | | |`;
    const { peer, version, median, least, batchSize, measuredBatch, lossDifference, forwardOnly } = result;
    const notes = [
      ...(forwardOnly ? ['forward only'] : []),
      ...(measuredBatch === batchSize ? [] : [`timed on ${measuredBatch} images`]),
    ];
    const name = notes.length > 0 ? `${peer} (${notes.join(', ')})` : peer;
    const difference = lossDifference === null ? '' : lossDifference.toExponential(0);
    const cells = [
      `${name} ${version}`,
      median.toFixed(2),
      least.toFixed(2),
      ((1000 * batchSize) / median).toFixed(0),
      `${(median / reference).toFixed(2)}×`,
      difference,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| library | ms a step (median) | least | images/s | against Convoy | losses differ by |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}
