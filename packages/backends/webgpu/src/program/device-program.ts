import { bytesOf, ownKey, planProgram, FENCE, type PlannedDispatch, type ProgramPlan } from './plan-program.js';
import type { KernelLibrary, Program } from '@convoy/engine/executors';
import { ConvoyError } from '@convoy/engine';
import type { Kernel } from '@convoy/engine/kernels';
import type { Operand } from '../device-kernel.js';
import { Usage } from '../device/flags.js';
import type { Session } from '../device/session.js';
import { encode, makeCommands, RUN_BYTES, type Command } from './commands.js';
import { Download } from './download.js';
import { findCulprit, isRefusal } from './find-culprit.js';
import { checkSums, recordResults, RESULT_RING } from './finish-step.js';
import { destroyBuffers, makeBuffers, type Buffers } from './make-buffers.js';
import { UploadRing } from './upload-ring.js';

/** What a step is told: see `shaderOf`. */
export interface StepNumbers {
  readonly examples: number;
  readonly step: number;
  readonly index: number;
  readonly before: number;
  readonly count: number;
}

/** A field of the batch in an upload, and where it comes from. */
interface FieldCopy {
  readonly from: number;
  readonly rowBytes: number;
  readonly batched: boolean;
  readonly at: number;
  readonly buffer: GPUBuffer;
}

/** Bytes before the fields in an upload; copies begin at multiples of 4. */
const HEAD = 256;

/** A program on the device: its buffers, its commands, and the ways up and down. Made once; a step makes nothing. */
export class DeviceProgram {
  readonly program: Program;
  readonly buffers: Buffers;
  readonly flips: boolean;
  /** Copy of the ring of results and of the fence, read while the next steps run. */
  readonly report: Download;
  readonly session: Session;
  readonly #commands: readonly Command[];
  readonly #uploads: UploadRing;
  readonly #fields: readonly FieldCopy[];
  readonly #run: GPUBuffer;
  readonly #params: GPUBuffer;
  readonly #ring: GPUBuffer;
  #checked = false;
  /** Program and step that the device was given last, for messages. */
  #last = '';

  private constructor(
    session: Session,
    program: Program,
    made: { buffers: Buffers; commands: readonly Command[]; run: GPUBuffer; params: GPUBuffer; ring: GPUBuffer },
  ) {
    this.session = session;
    this.program = program;
    this.buffers = made.buffers;
    this.flips = program.variables.some(({ written }) => written);
    this.#commands = made.commands;
    this.#run = made.run;
    this.#params = made.params;
    this.#ring = made.ring;
    let at = HEAD;
    this.#fields = program.inputs.flatMap(({ offset, shape }) => {
      const buffer = made.buffers.own.get(ownKey('batch', offset));
      const value = program.values.find((each) => each.part === 'batch' && each.offset === offset);
      // A field that nothing reads has no buffer.
      if (!buffer || !value) return [];
      const rowBytes = 4 * shape.reduce((product, n) => product * n, 1);
      const batched = value.shape[0] === null;
      const field = { from: offset, rowBytes, batched, at, buffer };
      at += rowBytes * (batched ? program.batchSize : 1);
      return field;
    });
    this.#uploads = new UploadRing(session, `program '${program.name}', batch`, at, 2);
    this.report = new Download(session, `program '${program.name}', results`, made.ring.size + 4);
  }

  /** Plans, compiles and binds. @throws ConvoyError naming layer and kernel */
  static async build(session: Session, program: Program, library: KernelLibrary, f16: boolean): Promise<DeviceProgram> {
    const place = `program '${program.name}'`;
    const storageBuffers = session.device.limits.maxStorageBuffersPerShaderStage;
    const kernel = (name: string): Kernel => library.kernel(name);
    const plan = planProgram(program, { kernel, storageBuffers, subgroups: session.subgroups, f16 });
    const { finish, places, own } = withFinish(program, plan, storageBuffers);
    const dispatches = [...plan.dispatches, ...finish];
    const flips = program.variables.some(({ written }) => written);
    const buffers = await makeBuffers(session, program, { ...plan, own });
    const run = session.createBuffer('numbers of the run', RUN_BYTES, Usage.uniform | Usage.copyTarget);
    try {
      const { commands, params } = await makeCommands(session, { dispatches, places, buffers, run, flips });
      const ring = buffers.own.get(RING) as GPUBuffer;
      return await session.checked(
        place,
        () => new DeviceProgram(session, program, { buffers, commands, run, params, ring }),
      );
    } catch (error) {
      destroyBuffers(buffers);
      run.destroy();
      throw error;
    }
  }

  /**
   * Has the device do a step on a batch that lies in shared memory at `batch`, in one encoder and one submit. `then` may
   * add to it.
   */
  async step(
    memory: ArrayBufferLike,
    batch: number,
    numbers: StepNumbers,
    side: number,
    then: (encoder: GPUCommandEncoder) => void,
  ): Promise<void> {
    const { session } = this;
    const { examples, step, index, before, count } = numbers;
    this.#last = `program '${this.program.name}', step ${step + 1}`;
    const fields = this.#fields.map((field) => ({ ...field, size: field.rowBytes * (field.batched ? examples : 1) }));
    const fill = (bytes: Uint8Array): number => {
      new Uint32Array(bytes.buffer, bytes.byteOffset, 5).set([examples, step, index, before, count]);
      for (const { from, at, size } of fields) bytes.set(new Uint8Array(memory, batch + from, size), at);
      return fields.reduce((sum, { size }) => sum + size, RUN_BYTES);
    };
    const send = (): Promise<void> =>
      this.#uploads.send(fill, (staging) => {
        const encoder = session.encoder(this.#last);
        encoder.copyBufferToBuffer(staging, 0, this.#run, 0, RUN_BYTES);
        for (const { at, buffer, size } of fields) {
          if (size > 0) encoder.copyBufferToBuffer(staging, at, buffer, 0, size);
        }
        const pass = encoder.beginComputePass({ label: encoder.label });
        encode(pass, this.#commands, side);
        pass.end();
        session.counts.dispatches += this.#commands.length;
        then(encoder);
        session.submit(encoder);
      });
    // What is wrong with a step is wrong with its first.
    await (this.#checked ? send() : session.checked(this.#last, send));
    this.#checked = true;
  }

  /** Names the op in an error of a step, where the device can still be asked. */
  async explained(error: unknown, side: number): Promise<unknown> {
    const { session } = this;
    const refused = session.failure ?? error;
    if (!(refused instanceof ConvoyError) || !isRefusal(refused)) return error;
    const culprit = await findCulprit(session, { commands: this.#commands, side, step: this.#last });
    if (culprit && session.failure) session.explain(culprit);
    return culprit ?? error;
  }

  /** Copies the ring of results and the fence for the host to read. */
  copyReport(encoder: GPUCommandEncoder): void {
    encoder.copyBufferToBuffer(this.#ring, 0, this.report.buffer, 0, this.#ring.size);
    const fence = this.buffers.own.get(FENCE);
    if (fence) encoder.copyBufferToBuffer(fence, 0, this.report.buffer, this.#ring.size, 4);
  }

  /** Before a run: no step has been bad. */
  clearFence(): void {
    const fence = this.buffers.own.get(FENCE);
    if (fence) this.session.device.queue.writeBuffer(fence, 0, Int32Array.of(0x7fffffff));
  }

  /** Resolves when no promise of the device is pending. */
  settle(): Promise<void> {
    return this.#uploads.settle();
  }

  destroy(): void {
    destroyBuffers(this.buffers);
    this.#uploads.destroy();
    for (const buffer of [this.#run, this.#params]) buffer.destroy();
    this.report.destroy();
  }
}

/** Name of the buffer of the last steps' results. */
const RING = 'ring';

/** What ends each step, and the buffer that it writes to. */
function withFinish(program: Program, plan: ProgramPlan, storageBuffers: number) {
  const ring: Operand = {
    shape: [RESULT_RING * Math.max(1, program.results.length)],
    batched: false,
    storage: 'float32',
  };
  const places = new Map(plan.places).set(ring, { kind: 'own', key: RING });
  const own = new Map(plan.own).set(RING, bytesOf(ring));
  const fence = [...places].find(([, place]) => place.kind === 'own' && place.key === FENCE)?.[0] ?? null;
  const finish = [
    ...(fence ? checkSums(plan.sums, fence, storageBuffers) : []),
    ...recordResults(plan.results, ring, fence, storageBuffers),
  ].map((dispatch): PlannedDispatch => ({ ...dispatch, label: 'the end of the step' }));
  return { finish, places, own };
}
