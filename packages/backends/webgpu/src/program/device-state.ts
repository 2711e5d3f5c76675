/** Moves what outlives a step between the engine's shared memory and the device: when a run begins and when it leaves. */
import type { Placement } from '@convoy/engine/executors';
import type { Session } from '../device/session.js';
import type { Buffers } from './make-buffers.js';
import type { DeviceProgram } from './device-program.js';
import { Download } from './download.js';
import { UploadRing } from './upload-ring.js';

interface Piece {
  readonly index: number;
  readonly at: number;
  readonly bytes: number;
}

/** What a run starts from. */
export interface Committed {
  readonly side: number;
  /** Whether the run writes variables. */
  readonly flips: boolean;
  /** Equal numbers: equal values. */
  readonly version: number;
}

export class DeviceState {
  readonly #session: Session;
  readonly #buffers: Buffers;
  readonly #all: readonly Piece[];
  readonly #written: readonly Piece[];
  readonly #up: UploadRing;
  readonly #down: Download | null;
  readonly #label: string;
  /** Version of the values that lie on the device; null when the device has written others. */
  #held: number | null = null;

  constructor({ session, program, buffers }: DeviceProgram) {
    this.#session = session;
    this.#buffers = buffers;
    const sizes = program.variables.map(({ shape }) => 4 * shape.reduce((product, n) => product * n, 1));
    const lay = (indices: readonly number[]): { pieces: Piece[]; bytes: number } => {
      let bytes = 0;
      const pieces = indices.map((index) => {
        const piece = { index, at: bytes, bytes: sizes[index] };
        bytes += piece.bytes;
        return piece;
      });
      return { pieces, bytes };
    };
    const all = lay([...sizes.keys()]);
    const written = lay([...sizes.keys()].filter((i) => program.variables[i].written));
    this.#all = all.pieces;
    this.#written = written.pieces;
    const label = `program '${program.name}', state`;
    this.#label = label;
    this.#up = new UploadRing(session, label, all.bytes, 1);
    this.#down = written.bytes > 0 ? new Download(session, label, written.bytes) : null;
  }

  /** The committed side goes up, unless it is what lies there. */
  async upload(memory: ArrayBufferLike, state: Placement['state'], { side, flips, version }: Committed): Promise<void> {
    if (this.#all.length === 0 || this.#held === version) return;
    this.#held = null;
    await this.#up.send(
      (bytes) => {
        for (const { index, at, bytes: size } of this.#all)
          bytes.set(new Uint8Array(memory, state[index][side], size), at);
        return this.#up.bytes;
      },
      (staging) => {
        const encoder = this.#session.encoder(this.#label);
        for (const { index, at, bytes } of this.#all) {
          if (bytes > 0) encoder.copyBufferToBuffer(staging, at, this.#buffers.variables[index][side], 0, bytes);
        }
        this.#session.submit(encoder);
      },
    );
    // A program that writes its variables leaves others.
    if (!flips) this.#held = version;
  }

  /** The committed side comes down. The other one is the host's: where a step of a replica began, say. */
  async download(memory: ArrayBufferLike, state: Placement['state'], side: number): Promise<void> {
    const down = this.#down;
    if (!down) return;
    const encoder = this.#session.encoder(this.#label);
    for (const { index, at, bytes } of this.#written) {
      if (bytes > 0) encoder.copyBufferToBuffer(this.#buffers.variables[index][side], 0, down.buffer, at, bytes);
    }
    this.#session.submit(encoder);
    await down.read((bytes) => {
      for (const { index, at, bytes: size } of this.#written) {
        new Uint8Array(memory, state[index][side], size).set(bytes.subarray(at, at + size));
      }
    });
  }

  settle(): Promise<void> {
    return this.#up.settle();
  }

  destroy(): void {
    this.#up.destroy();
    this.#down?.destroy();
  }
}
