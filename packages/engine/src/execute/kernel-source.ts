import type { Backend, KernelModule } from '../define/plugin/backend.js';
import type { Plugin } from '../define/plugin/plugin.js';
import type { Arena } from '../memory/arena.js';
import { refuseEntryScript } from './entry-script.js';
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
    backend.modules.forEach(refuseEntryScript);
    const sources = { backend: labelOf(backend), chain: backend.modules, plugins: [] };
    const kernels = new EngineKernels(await loadKernels(sources, arena.memory), backend, arena);
    for (const plugin of plugins) await kernels.include(plugin);
    return kernels;
  }

  get sources(): KernelSources {
    return { backend: labelOf(this.#backend), chain: this.#backend.modules, plugins: [...this.#plugins.values()] };
  }

  /** The backend's own executor; null: the engine's threads run the kernels. */
  get executor(): KernelModule | null {
    return this.#backend.executor;
  }

  /** Whether the backend's own executor runs the kernels, on a device with memory of its own. */
  get onDevice(): boolean {
    return this.executor !== null;
  }

  knows(plugin: Plugin): boolean {
    return plugin.kernels === null || this.#plugins.has(plugin);
  }

  /** Loads a plugin's kernels, once. */
  async include(plugin: Plugin): Promise<void> {
    if (plugin.kernels === null || this.knows(plugin)) return;
    const module: KernelModule = { owner: `plugin '${plugin.name}'`, url: plugin.kernels.href, options: {} };
    refuseEntryScript(module);
    // A plugin's kernels are for the CPU. On a device its ops are computed by what they lower to.
    if (!this.onDevice) {
      this.library.add(module.owner, await loadTable(module, this.#arena.memory), 'refuse');
    }
    this.#plugins.set(plugin, module);
  }
}

/** A backend in programs and messages: its name, and which build it is. */
function labelOf({ name, build }: Backend): string {
  return build === null ? name : `${name} (${build} build)`;
}
