import { MapMode, Usage } from '../device/flags.js';
import type { Session } from '../device/session.js';

/** A buffer that the device copies into and the host reads. */
export class Download {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  readonly #session: Session;

  constructor(session: Session, label: string, bytes: number) {
    this.bytes = bytes;
    this.#session = session;
    this.buffer = session.createBuffer(label, bytes, Usage.mapRead | Usage.copyTarget);
  }

  /** Waits for what was submitted, and reads the bytes while they are mapped: `read` must copy what it keeps. */
  async read<T>(read: (bytes: Uint8Array) => T): Promise<T> {
    await this.buffer.mapAsync(MapMode.read);
    try {
      this.#session.counts.bytesDown += this.bytes;
      return read(new Uint8Array(this.buffer.getMappedRange()));
    } finally {
      this.buffer.unmap();
    }
  }

  destroy(): void {
    this.buffer.destroy();
  }
}
