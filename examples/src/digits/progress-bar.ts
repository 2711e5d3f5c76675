import { SingleBar } from 'cli-progress';
import type { Progress } from './progress.js';
import type { Screen } from '../command/screen.js';

const WIDEST_BAR = 24;
/** Columns from which on numbers stand apart. */
const ROOMY = 90;

/** A line that redraws itself on a terminal; elsewhere, a line for each epoch. */
export class ProgressBar {
  readonly #screen: Screen;
  #bar: SingleBar | null = null;
  #text = '';

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(progress: Progress): void {
    this.#text = progressLine(progress, this.#screen.live ? this.#screen.columns : null);
    if (this.#screen.live) {
      this.#bar ??= this.#start();
      this.#bar.update(progress.share);
      if (progress.over) this.stop();
    } else if (progress.over) {
      this.#screen.print(this.#text);
    }
  }

  /** Leaves the line as it is, and gives the terminal its cursor back. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #start(): SingleBar {
    const bar = new SingleBar({ stream: this.#screen.stream, hideCursor: true, format: () => this.#text });
    bar.start(1, 0);
    return bar;
  }
}

/** The numbers, and a bar that fills what they leave of a line; without columns no bar. */
export function progressLine(progress: Progress, columns: number | null): string {
  const { epoch, epochs, loss, accuracy, examplesPerSecond, secondsLeft, workers } = progress;
  const head = `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const gap = columns !== null && columns < ROOMY ? ' ' : '  ';
  const numbers = [
    `loss ${loss.toFixed(3)}`,
    `accuracy ${(100 * accuracy).toFixed(1).padStart(5)} %`,
    `${Math.round(examplesPerSecond).toLocaleString('en-US').padStart(5)} examples/s`,
    `ETA ${clock(secondsLeft).padStart(5)}`,
    workers === 1 ? '1 worker' : `${workers} workers`,
  ].join(gap);
  if (columns === null) return `${head}${gap}${numbers}`;
  // The last column stays free: clearing the rest of the line, as a redraw does, would clear the character in it.
  const width = Math.max(0, Math.min(WIDEST_BAR, columns - 1 - head.length - 1 - gap.length - numbers.length));
  const filled = Math.floor(progress.share * width);
  return `${head} ${'█'.repeat(filled)}${'░'.repeat(width - filled)}${gap}${numbers}`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
