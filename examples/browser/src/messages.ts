/** What the page and its worker tell each other. */

/** The one command: train. */
export interface Recipe {
  readonly images: number;
  readonly testImages: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** A test image and what the trained network takes it for. */
export interface Guess {
  readonly image: Uint8Array;
  readonly side: number;
  readonly truth: number;
  readonly predicted: number;
}

export type News =
  | {
      readonly type: 'adapter';
      readonly name: string;
      /** Whether it computes on the CPU. */
      readonly software: boolean;
    }
  | { readonly type: 'begin'; readonly steps: number }
  | {
      readonly type: 'step';
      readonly loss: number;
      readonly accuracy: number;
      readonly examples: number;
      readonly examplesPerSecond: number;
    }
  | {
      readonly type: 'end';
      readonly seconds: number;
      readonly testAccuracy: number;
      readonly guesses: readonly Guess[];
    }
  | { readonly type: 'failed'; readonly message: string };
