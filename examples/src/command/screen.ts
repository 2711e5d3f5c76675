import type { WriteStream } from 'node:tty';

/** Where everything is printed, and what can be shown there. */
export class Screen {
  readonly stream: WriteStream;

  constructor(stream: WriteStream) {
    this.stream = stream;
  }

  /** A terminal can redraw a line; a file or a pipe cannot. */
  get live(): boolean {
    return this.stream.isTTY;
  }

  /** Whether 256 colours may be used; `NO_COLOR` says that they may not. */
  get colours(): boolean {
    return this.live && this.stream.hasColors(256);
  }

  /** Not known of a file or a pipe, and 0 on some terminals. */
  get columns(): number {
    return this.stream.columns || 100;
  }

  print(text: string): void {
    this.stream.write(`${text}\n`);
  }
}
