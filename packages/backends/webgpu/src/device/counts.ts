/** What a device has been asked for so far. */
export interface Counts {
  readonly buffers: number;
  readonly bufferBytes: number;
  readonly bindGroups: number;
  readonly pipelines: number;
  readonly encoders: number;
  readonly submits: number;
  readonly dispatches: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export function noCounts(): { -readonly [K in keyof Counts]: Counts[K] } {
  return {
    buffers: 0,
    bufferBytes: 0,
    bindGroups: 0,
    pipelines: 0,
    encoders: 0,
    submits: 0,
    dispatches: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}
