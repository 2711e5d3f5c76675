import { RuntimeError, type ConvoyError } from '@convoy/engine';
import type { Shader } from '../shader/shader.js';
import { noCounts } from './counts.js';
import { Stage } from './flags.js';
import { driverMessage } from './driver-message.js';
import { messageOf, type AdapterReport, type OpenDevice } from './open-device.js';

/** An open device, what has been made on it and what has gone wrong. It keeps alive what must not be collected while it is in use. */
export class Session {
  readonly device: GPUDevice;
  readonly report: AdapterReport;
  readonly counts = noCounts();
  readonly #gpu: GPU;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  #failure: ConvoyError | null = null;
  /** Label of what was submitted last: program and step. */
  #last = 'nothing';
  /** The last of the works that are checked, one after the other. */
  #checking: Promise<void> = Promise.resolve();

  constructor({ gpu, device, report }: OpenDevice) {
    this.#gpu = gpu;
    this.device = device;
    this.report = report;
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#failure ??= new RuntimeError(
        `${this.#last}: the device '${report.name}' reports: ${driverMessage(error)}`,
        codeOf(error),
      );
    });
    void device.lost.then(({ reason, message }) => {
      if (reason === 'destroyed') return;
      this.#failure ??= this.#lost(`${reason}: ${message}`);
    });
  }

  /** Whether shaders may use operations of subgroups. */
  get subgroups(): boolean {
    return this.device.features.has('subgroups');
  }

  /** What the device has reported, if it has. */
  get failure(): ConvoyError | null {
    return this.#failure;
  }

  /** Says better what has failed: where, once that is found. */
  explain(failure: ConvoyError): void {
    this.#failure = failure;
  }

  /** @throws ConvoyError with what the device has reported, once it has */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  createBuffer(label: string, bytes: number, usage: number): GPUBuffer {
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    const most = this.device.limits.maxBufferSize;
    if (size > most) {
      throw new RuntimeError(
        `${label}: a buffer of ${size} bytes, and the device '${this.report.name}' has at most ${most}; use a smaller batchSize`,
        'GPU_LIMIT',
      );
    }
    this.counts.buffers++;
    this.counts.bufferBytes += size;
    return this.device.createBuffer({ label, size, usage });
  }

  /** The pipeline of a shader, made once for each text. */
  pipeline(label: string, shader: Shader): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(shader.text);
    if (known) return known;
    this.counts.pipelines++;
    const made = this.#make(label, shader);
    this.#pipelines.set(shader.text, made);
    return made;
  }

  layout({ reads, writes }: Pick<Shader, 'reads' | 'writes'>): GPUBindGroupLayout {
    const key = `${reads}/${writes}`;
    const types = [
      'uniform',
      'uniform',
      ...Array.from({ length: reads }, () => 'read-only-storage'),
      ...Array.from({ length: writes }, () => 'storage'),
    ] as GPUBufferBindingType[];
    const layout =
      this.#layouts.get(key) ??
      this.device.createBindGroupLayout({
        label: key,
        entries: types.map((type, binding) => ({ binding, visibility: Stage.compute, buffer: { type } })),
      });
    this.#layouts.set(key, layout);
    return layout;
  }

  bindGroup(label: string, shader: Shader, bindings: readonly GPUBufferBinding[]): GPUBindGroup {
    this.counts.bindGroups++;
    const entries = bindings.map((resource, binding) => ({ binding, resource }));
    return this.device.createBindGroup({ label, layout: this.layout(shader), entries });
  }

  /** @param label - program and step, or what else the commands are, for messages */
  encoder(label: string): GPUCommandEncoder {
    this.counts.encoders++;
    return this.device.createCommandEncoder({ label });
  }

  submit(encoder: GPUCommandEncoder): void {
    this.counts.submits++;
    this.#last = encoder.label;
    this.device.queue.submit([encoder.finish()]);
  }

  /**
   * What `work` makes, checked by the device. Error scopes are a stack of the device, so one such work at a time: it must not wait for another.
   *
   * @throws RuntimeError naming the place, for what is not valid or does not fit
   */
  async checked<T>(place: string, work: () => T | Promise<T>): Promise<T> {
    const before = this.#checking;
    const mine = before.then(() => this.#withinScopes(place, work));
    this.#checking = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  /** As when a driver loses it, for tests: all that follows fails. */
  lose(): void {
    this.#failure ??= this.#lost('a test');
    this.device.destroy();
  }

  /** Ends the device once its work is done. After it nothing is pending, and the thread may end. */
  async close(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone().catch(() => undefined);
    this.device.destroy();
    await this.device.lost;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#pipelines.clear();
  }

  /** Whose device it is; also what keeps it from being collected. */
  get gpu(): GPU {
    return this.#gpu;
  }

  #lost(why: string): RuntimeError {
    return new RuntimeError(
      `the device '${this.report.name}' was lost (${why}); of ${this.counts.submits} submits the last was: ${this.#last}. Make a new engine and go ` +
        'on from the weights of the last fence, or from a saved model; if it happens again, try a smaller batchSize: drivers end what takes seconds',
      'GPU_LOST',
    );
  }

  async #withinScopes<T>(place: string, work: () => T | Promise<T>): Promise<T> {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    const [made] = await Promise.allSettled([(async () => work())()]);
    const errors = await Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
    if (made.status === 'rejected') throw made.reason;
    const error = errors.find((each) => each !== null);
    if (!error) return made.value;
    const message = `${place}: the device '${this.report.name}' refuses: ${driverMessage(error)}`;
    throw new RuntimeError(message, codeOf(error));
  }

  async #make(label: string, { text, reads, writes }: Shader): Promise<GPUComputePipeline> {
    const { device } = this;
    const module = device.createShaderModule({ label, code: text });
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.layout({ reads, writes })] });
    try {
      return await device.createComputePipelineAsync({ label, layout, compute: { module, entryPoint: 'main' } });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const lines = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`);
      throw new RuntimeError(
        `${label}: its shader does not compile: ${[messageOf(cause), ...lines].join('\n')}`,
        'GPU_SHADER',
        { cause },
      );
    }
  }
}

function codeOf(error: GPUError): string {
  return error.constructor.name === 'GPUOutOfMemoryError' ? 'GPU_MEMORY' : 'GPU_VALIDATION';
}
