/** In place of `io/load.ts` and `io/save.ts`: a browser has no folders. */
import { NotImplementedError } from '../errors.js';

export async function loadModel(): Promise<never> {
  throw new NotImplementedError('load: a browser has no folder to read a model from', 'BROWSER');
}

export async function saveModel(): Promise<never> {
  throw new NotImplementedError('save: a browser has no folder to write a model into; read model.weights', 'BROWSER');
}
