/** Brings what a program computes for each example back to the slot that its batch came from. */
import { ownKey } from './plan-program.js';
import type { DeviceProgram } from './device-program.js';
import { Download } from './download.js';

interface Output {
  readonly to: number;
  readonly at: number;
  readonly bytes: number;
  readonly rowBytes: number;
  readonly batched: boolean;
  readonly buffer: GPUBuffer;
}

export class DeviceOutputs {
  readonly #outputs: readonly Output[];
  readonly #down: Download | null;

  constructor({ session, program, buffers }: DeviceProgram) {
    let bytes = 0;
    this.#outputs = program.outputs.flatMap(({ offset, shape }) => {
      const buffer = buffers.own.get(ownKey('batch', offset));
      const value = program.values.find((each) => each.part === 'batch' && each.offset === offset);
      if (!buffer || !value) return [];
      const rowBytes = 4 * shape.reduce((product, n) => product * n, 1);
      const batched = value.shape[0] === null;
      const size = rowBytes * (batched ? program.batchSize : 1);
      const output = { to: offset, at: bytes, bytes: size, rowBytes, batched, buffer };
      bytes += size;
      return output;
    });
    this.#down = bytes > 0 ? new Download(session, `program '${program.name}', outputs`, bytes) : null;
  }

  get any(): boolean {
    return this.#down !== null;
  }

  copy(encoder: GPUCommandEncoder): void {
    const down = this.#down;
    if (!down) return;
    for (const { buffer, at, bytes } of this.#outputs) {
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, 0, down.buffer, at, bytes);
    }
  }

  async read(memory: ArrayBufferLike, batch: number, examples: number): Promise<void> {
    await this.#down?.read((bytes) => {
      for (const { to, at, rowBytes, batched } of this.#outputs) {
        const size = rowBytes * (batched ? examples : 1);
        new Uint8Array(memory, batch + to, size).set(bytes.subarray(at, at + size));
      }
    });
  }

  destroy(): void {
    this.#down?.destroy();
  }
}
