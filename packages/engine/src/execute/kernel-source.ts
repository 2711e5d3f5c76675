import type { Backend, KernelModule } from '../define/backend.js';
import type { Plugin } from '../define/plugin.js';
import { ValueError } from '../errors.js';
import type { Arena } from '../memory/arena.js';
import { loadKernels, loadTable, type KernelLibrary, type KernelSources } from './load-kernels.js';

/** The kernels of an engine as its main thread knows them, and the modules that its workers must load. */
export class EngineKernels {
  readonly library: KernelLibrary;
  readonly #backend: Backend;
  readonly #arena: Arena;
  readonly #plugins = new Map<Plugin, KernelModule>();

  private constructor(library: KernelLibrary, backend: Backend, arena: Arena) {
    this.library = library;
    this.#backend = backend;
    this.#arena = arena;
  }

  static async load(backend: Backend, plugins: readonly Plugin[], arena: Arena): Promise<EngineKernels> {
    const sources = { backend: backend.name, chain: backend.modules, plugins: [] };
    const kernels = new EngineKernels(await loadKernels(sources, arena.memory), backend, arena);
    for (const plugin of plugins) await kernels.include(plugin);
    return kernels;
  }

  get sources(): KernelSources {
    return { backend: this.#backend.name, chain: this.#backend.modules, plugins: [...this.#plugins.values()] };
  }

  knows(plugin: Plugin): boolean {
    return plugin.kernels === null || this.#plugins.has(plugin);
  }

  /** Loads a plugin's kernels, once. */
  async include(plugin: Plugin): Promise<void> {
    if (plugin.kernels === null || this.knows(plugin)) return;
    const owner = `plugin '${plugin.name}'`;
    if (plugin.kernels.protocol === 'file:' && isEntryScript(plugin.kernels)) {
      throw new ValueError(
        `${owner}: its kernels are in the entry script, which every worker would run again; ` +
          `move them to a module of their own`,
        'KERNELS_ENTRY',
      );
    }
    const module: KernelModule = { owner, url: plugin.kernels.href, options: {} };
    this.library.add(owner, await loadTable(module, this.#arena.memory), 'refuse');
    this.#plugins.set(plugin, module);
  }
}

function isEntryScript(url: URL): boolean {
  const entry = process.argv[1];
  return entry !== undefined && (url.pathname === entry || url.pathname === `${entry}.js`);
}
