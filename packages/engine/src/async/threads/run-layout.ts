import { LINE } from '../shared-memory/shared-words.js';
import type { Span } from './run-setup.js';

/** Where an asynchronous run keeps what its threads share: addresses in bytes. */
export interface RunLayout {
  /** Control block: what has been committed, for the caller's thread to read. */
  readonly control: number;
  /** Numbers of results in it. */
  readonly results: number;
  /** A line for the owner, then one for each replica: see `LineWord`. */
  readonly lines: number;
  readonly publication: number;
  /** Words of the batches that replicas claim. */
  readonly claims: number;
  readonly probe: number;
}

/** Words of a party's line: bytes from its start. */
export const LineWord = {
  /** Current side of the party's own state. */
  side: 0,
  /** Not 0 while a replica adds to the shared parameters. */
  adding: 4,
  /** On the owner's line: updates that replicas have begun to add. */
  updates: 8,
  /** Batches that a replica has computed in this pass. */
  units: 12,
  /** Time that it has computed in this pass, in tenths of a millisecond. */
  busy: 16,
} as const;

/** Cells of the variable of integers beside the model's, on which lost updates are counted. */
export const PROBE_CELLS = 16;

export function lineOf({ lines }: RunLayout, party: number | 'owner'): number {
  return lines + LINE * (party === 'owner' ? 0 : 1 + party);
}

/** Elements of a block that holds these variables. */
export function blockLength(spans: readonly Span[]): number {
  return spans.reduce((end, { offset, length }) => Math.max(end, offset / 4 + length), 0);
}
