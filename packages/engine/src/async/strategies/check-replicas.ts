import { checkNumber } from '../../define/plugin/options.js';

/** @throws ValueError unless it is left out or a positive integer */
export function checkReplicas(replicas: number | undefined): void {
  if (replicas !== undefined) checkNumber('replicas', replicas, 'a positive integer');
}
