import type { KernelModule } from '../define/plugin/backend.js';
import type { Kernel, KernelFactory, KernelTable, SharedMemory } from '../define/op/kernel.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { ValueError } from '../errors.js';

/** The modules that a program's kernels come from. */
export interface KernelSources {
  readonly backend: string;
  /** The backend's own module, then those it extends: the first that has a kernel wins. */
  readonly chain: readonly KernelModule[];
  /** Modules of plugins: a name that is already there is an error. */
  readonly plugins: readonly KernelModule[];
}

/**
 * Equal for equal sources of one engine. Its backend and all options stay what they are, plugins are added; options may
 * hold what has no text, such as shared memory.
 */
export function keyOfSources({ chain, plugins }: KernelSources): string {
  return [...chain, ...plugins].map(({ owner, url }) => `${owner} ${url}`).join('\n');
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
  const place = `${module.owner}: its kernel module ${module.url}`;
  const exported = await attempt(
    `${place} cannot be imported`,
    () => import(module.url) as Promise<{ default?: unknown }>,
  );
  const { default: factory } = exported;
  if (typeof factory !== 'function') {
    throw new ValueError(`${place} must default-export defineKernels(...)`, 'KERNELS_EXPORT');
  }
  const table: unknown = await attempt(`${place} cannot make its kernels`, () =>
    (factory as KernelFactory)({ memory, options: module.options }),
  );
  checkTable(place, table);
  return table;
}

/** @throws ValueError with whatever somebody else's module throws as its cause */
async function attempt<T>(failure: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new ValueError(`${failure}: ${cause instanceof Error ? cause.message : String(cause)}`, 'KERNELS', { cause });
  }
}

function checkTable(place: string, table: unknown): asserts table is KernelTable {
  if (typeof table !== 'object' || table === null) {
    throw new ValueError(
      `${place} must make a table of kernels by name, got ${describeValue(table)}`,
      'KERNELS_EXPORT',
    );
  }
  for (const [name, kernel] of Object.entries(table as Record<string, Partial<Kernel> | null>)) {
    // Any function has a method of that name too.
    if (typeof kernel === 'object' && typeof kernel?.bind === 'function') continue;
    throw new ValueError(
      `${place} must give for '${name}' a kernel with a function 'bind', got ${describeValue(kernel)}`,
      'KERNELS_EXPORT',
    );
  }
}
