import type { KernelModule } from '../define/backend.js';
import type { Kernel, KernelFactory, KernelTable, SharedMemory } from '../define/kernel.js';
import { ValueError } from '../errors.js';

export interface KernelSources {
  readonly backend: string;
  /** The backend's own module, then those it extends: the first that has a kernel wins. */
  readonly chain: readonly KernelModule[];
  /** Modules of plugins: a name that is already there is an error. */
  readonly plugins: readonly KernelModule[];
}

/** The kernels that one thread has loaded. */
export class KernelLibrary {
  readonly backend: string;
  readonly #kernels = new Map<string, { kernel: Kernel; owner: string }>();

  constructor(backend: string) {
    this.backend = backend;
  }

  has(name: string): boolean {
    return this.#kernels.has(name);
  }

  kernel(name: string): Kernel {
    const found = this.#kernels.get(name);
    if (!found) throw new ValueError(`backend '${this.backend}' has no kernel '${name}'`, 'NO_KERNEL');
    return found.kernel;
  }

  names(): string[] {
    return [...this.#kernels.keys()].toSorted();
  }

  add(owner: string, table: KernelTable, onDuplicate: 'keep' | 'refuse'): void {
    for (const [name, kernel] of Object.entries(table)) {
      const present = this.#kernels.get(name);
      if (present && onDuplicate === 'refuse') {
        throw new ValueError(
          `${owner}: kernel '${name}' is already given by ${present.owner}; ` +
            `to replace a kernel, write a backend that extends the other one`,
          'KERNEL_DUPLICATE',
        );
      }
      if (!present) this.#kernels.set(name, { kernel, owner });
    }
  }
}

/** Imports kernel modules by URL, on the main thread and on every worker alike. */
export async function loadKernels(sources: KernelSources, memory: SharedMemory): Promise<KernelLibrary> {
  const library = new KernelLibrary(sources.backend);
  for (const module of sources.chain) library.add(module.owner, await loadTable(module, memory), 'keep');
  for (const module of sources.plugins) library.add(module.owner, await loadTable(module, memory), 'refuse');
  return library;
}

export async function loadTable(module: KernelModule, memory: SharedMemory): Promise<KernelTable> {
  let exported: { default?: unknown };
  try {
    exported = (await import(module.url)) as { default?: unknown };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${module.owner}: its kernel module ${module.url} cannot be imported: ${message}`, 'KERNELS', {
      cause,
    });
  }
  if (typeof exported.default !== 'function') {
    throw new ValueError(
      `${module.owner}: its kernel module ${module.url} must default-export defineKernels(...)`,
      'KERNELS_EXPORT',
    );
  }
  return (exported.default as KernelFactory)({ memory, options: module.options });
}
