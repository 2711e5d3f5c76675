import type { CutProgram } from '../../graph/cut-program.js';
import type { Arena } from '../../memory/arena.js';
import { Control } from '../../memory/control.js';
import type { Placement } from '../../memory/placement.js';

/**
 * Places of replicas whose programs run on devices: slots and control blocks, for all else of a program lies on its device. A slot holds the rows of a
 * replica's batch, then its gradients; replicas that share a batch have a row of slots in common, one for each shard. `release` takes what gives the
 * memory back.
 */
export function placeOnDevices(
  arena: Arena,
  release: (() => void)[],
  { gradients, update }: CutProgram,
  { replicas, oneBatch }: { readonly replicas: number; readonly oneBatch: boolean },
): { readonly places: readonly Omit<Placement, 'state'>[]; readonly ownersControl: number } {
  const allocate = (bytes: number): number => {
    const address = arena.allocate(bytes);
    release.push(() => arena.free(address));
    return address;
  };
  const { batch } = gradients.program.bytes;
  const control = (): number => allocate(Control.bytes(update.program.results.length));
  const common = oneBatch ? allocate(replicas * batch) : null;
  const places = Array.from({ length: replicas }, () => {
    const slot = common ?? allocate(batch);
    return {
      control: control(),
      batch: [slot, slot] as const,
      gradients: slot + batch - update.program.bytes.batch,
      activations: 0,
      scratch: 0,
      examples: 0,
      shared: 0,
      constants: 0,
    };
  });
  return { places, ownersControl: control() };
}
