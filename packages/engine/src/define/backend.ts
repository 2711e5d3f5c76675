import { ValueError } from '../errors.js';
import { checkOptions } from './options.js';

export interface BackendOptions {
  readonly name: string;
  /** Module that default-exports `defineKernels(...)`. */
  readonly kernels: URL;
  /** Handed to the kernel module on every thread: plain data. */
  readonly options?: object;
  /** Kernels that this one lacks come from there. */
  readonly extends?: Backend;
}

/** Kernels by op name, as modules that every computing thread loads. */
export interface Backend {
  readonly kind: 'backend';
  readonly name: string;
  /** Own module first, then those of the backends it extends. */
  readonly modules: readonly KernelModule[];
}

/** Where kernels come from; crosses to workers as it is. */
export interface KernelModule {
  /** For messages: "backend 'js'", "plugin 'cube'". */
  readonly owner: string;
  readonly url: string;
  readonly options: object;
}

/** @throws ValueError when `kernels` is not a URL or `options` is not data */
export function defineBackend(given: BackendOptions): Backend {
  checkOptions('defineBackend', given, ['name', 'kernels', 'options', 'extends']);
  if (!(given.kernels instanceof URL)) {
    throw new ValueError(
      `backend '${given.name}': kernels must be a URL, as in new URL('./kernels.js', import.meta.url)`,
      'BACKEND_KERNELS',
    );
  }
  const own: KernelModule = {
    owner: `backend '${given.name}'`,
    url: given.kernels.href,
    options: dataOnly(given.name, given.options ?? {}),
  };
  return Object.freeze({
    kind: 'backend' as const,
    name: given.name,
    modules: [own, ...(given.extends?.modules ?? [])],
  });
}

function dataOnly(backend: string, options: object): object {
  try {
    return structuredClone(options);
  } catch (cause) {
    throw new ValueError(
      `backend '${backend}': options must be plain data, for they are sent to worker threads`,
      'BACKEND_OPTIONS',
      { cause },
    );
  }
}
