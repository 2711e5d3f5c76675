import { MapMode, Usage } from '../device/flags.js';
import type { Session } from '../device/session.js';

/**
 * Buffers that the host writes while they are mapped and the device copies from: two, so that one is filled while the other is read. The only
 * way up: `queue.writeBuffer` must never see shared memory, for that ends the process.
 */
export class UploadRing {
  readonly bytes: number;
  readonly #session: Session;
  readonly #buffers: readonly GPUBuffer[];
  readonly #mapped: Promise<void>[];
  #next = 0;

  constructor(session: Session, label: string, bytes: number, count: number) {
    this.bytes = bytes;
    this.#session = session;
    this.#buffers = Array.from({ length: count }, (_, i) =>
      session.createBuffer(`${label} ${i}`, bytes, Usage.mapWrite | Usage.copySource),
    );
    this.#mapped = this.#buffers.map(() => Promise.resolve());
  }

  /**
   * Fills the next buffer and has the device use it: `fill` writes into its bytes, `use` submits copies from it. Waits until the device is
   * done with what the buffer held before.
   */
  async send(fill: (bytes: Uint8Array) => number, use: (buffer: GPUBuffer) => void): Promise<void> {
    const i = this.#next;
    this.#next = (i + 1) % this.#buffers.length;
    const buffer = this.#buffers[i];
    await this.#mapped[i];
    if (buffer.mapState !== 'mapped') await buffer.mapAsync(MapMode.write);
    this.#session.counts.bytesUp += fill(new Uint8Array(buffer.getMappedRange()));
    buffer.unmap();
    use(buffer);
    const mapped = buffer.mapAsync(MapMode.write);
    // Whoever fills this buffer next, or settles the ring, meets what went wrong.
    mapped.catch(() => undefined);
    this.#mapped[i] = mapped;
  }

  /** Resolves when nothing is pending. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#mapped);
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }
}
