import type { Coder, CoderFactory } from '../../define/codec.js';
import { describeValue } from '../../define/plugin/describe-value.js';
import { ValueError } from '../../errors.js';

/** Imports a codec's module. @throws ValueError when it does not default-export what `defineCoder` makes */
export async function loadCoder({ url, options }: { readonly url: string; readonly options: object }): Promise<Coder> {
  const { default: make } = (await import(url)) as { default?: CoderFactory };
  if (typeof make === 'function') return make(options);
  throw new ValueError(
    `the codec's module ${url} must default-export defineCoder(...), got ${describeValue(make)}`,
    'CODEC',
  );
}
