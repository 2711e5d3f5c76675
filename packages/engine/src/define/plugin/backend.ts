import { ValueError } from '../../errors.js';
import { describeValue } from './describe-value.js';
import { checkOptions } from './options.js';
import { firstForeign } from './plain-data.js';
import { checkName } from './plugin.js';

/** What a backend is made of: a name, and a module of kernels. */
export interface BackendOptions {
  /** Stands in messages and in `explain()`. */
  readonly name: string;
  /** Module that default-exports `defineKernels(...)`. */
  readonly kernels: URL;
  /** Handed to the kernel module on every thread: plain data. */
  readonly options?: object;
  /**
   * Which of several builds of the kernels it is, where their results differ in the last bits. Stands in `explain()` and in saved models.
   */
  readonly build?: string;
  /** Kernels that this one lacks come from there, and so does the executor if it names none. */
  readonly extends?: Backend;
  /**
   * Module that default-exports `defineExecutor(...)`: who does the steps when it is not the engine's own threads, as with a device that has
   * memory of its own. The kernels are then that executor's to run, and it is handed `options` too.
   */
  readonly executor?: URL;
}

/** Kernels by op name, as modules that every computing thread loads. */
export interface Backend {
  readonly kind: 'backend';
  readonly name: string;
  /** Which of several builds of its kernels; null where there is one. */
  readonly build: string | null;
  /** Own module first, then those of the backends it extends. @internal */
  readonly modules: readonly KernelModule[];
  /** Who does the steps; null: the engine's own threads. @internal */
  readonly executor: KernelModule | null;
}

/** Where kernels come from; crosses to workers as it is. */
export interface KernelModule {
  /** For messages: "backend 'js'", "plugin 'cube'". */
  readonly owner: string;
  readonly url: string;
  readonly options: object;
}

/**
 * Makes a backend. Its kernels are loaded by `createEngine`, and by each thread for itself.
 *
 * @throws ValueError when `kernels` is not a URL or `options` is not data
 */
export function defineBackend(given: BackendOptions): Backend {
  checkOptions('defineBackend', given, ['name', 'kernels', 'options', 'build', 'extends', 'executor']);
  checkName('defineBackend', given.name);
  if (!(given.kernels instanceof URL)) {
    throw new ValueError(
      `backend '${given.name}': kernels must be a URL, as in new URL('./kernels.js', import.meta.url)`,
      'BACKEND_KERNELS',
    );
  }
  const parent: Backend | undefined = given.extends;
  if (parent !== undefined && parent?.kind !== 'backend') {
    throw new ValueError(
      `backend '${given.name}': extends must be a backend, as in extends: js(), got ${describeValue(parent)}`,
      'BACKEND_EXTENDS',
    );
  }
  if (given.executor !== undefined && !(given.executor instanceof URL)) {
    throw new ValueError(
      `backend '${given.name}': executor must be a URL, as in new URL('./executor.js', import.meta.url)`,
      'BACKEND_EXECUTOR',
    );
  }
  const owner = `backend '${given.name}'`;
  const options = dataOnly(given.name, given.options ?? {});
  const own: KernelModule = { owner, url: given.kernels.href, options };
  return Object.freeze({
    kind: 'backend' as const,
    name: given.name,
    build: given.build ?? null,
    modules: [own, ...(parent?.modules ?? [])],
    executor: given.executor ? { owner, url: given.executor.href, options } : (parent?.executor ?? null),
  });
}

function dataOnly(backend: string, options: object): object {
  const foreign = firstForeign('options', options, crosses);
  if (foreign === null) return structuredClone(options);
  throw new ValueError(
    `backend '${backend}': ${foreign.path} must be plain data, for it is sent to worker threads, ` +
      `got ${describeValue(foreign.value)}`,
    'BACKEND_OPTIONS',
  );
}

/** Whether a value can be sent to a thread. */
function crosses(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
