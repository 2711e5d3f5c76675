import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { webgpu } from '@convoy/backend-webgpu';
import { conv2dPlugin } from '@convoy/conv2d';
import { layersPlugin } from '@convoy/layers';
import type { Op, Plugin, SymbolicTensor } from '@convoy/engine';
import { BareKernels } from '@convoy/engine/testing';
import { expect, test } from 'vitest';
import { standard } from '../../packages/engine/dist/standard/plugin.js';

const plugins: readonly Plugin[] = [standard, conv2dPlugin, layersPlugin];
const backends = {
  js: await BareKernels.of(js()),
  wasm: await BareKernels.of(wasm()),
  webgpu: await BareKernels.of(webgpu()),
};

/** How a backend computes each op; `npx vitest -u` in test writes the page anew. */
test('docs/op-table.md says how each backend computes every op', async () => {
  const names = Object.keys(backends);
  const rows = plugins.flatMap((plugin) =>
    plugin.parts.flatMap((part) => {
      if (part.kind !== 'op') return [];
      const { rules } = part as Op<SymbolicTensor[]>;
      const cells = Object.values(backends).map((kernels) => {
        if (rules.elementwise) return 'expression';
        if (kernels.names.includes(part.name)) return 'kernel';
        return rules.lower || rules.resolve || rules.view ? 'other ops' : 'missing';
      });
      return [`| \`${part.name}\` | ${plugin.name} | ${cells.join(' | ')} |`];
    }),
  );
  expect(rows.join('\n')).not.toContain('missing');
  const page = [
    '# Ops and backends',
    '',
    'How each backend computes each op: by a _kernel_ of that name; as a step of a fused _expression_, which the backend prints into its own',
    'language; or as _other ops_ that it lowers to. Gradients are ops of their own, or made of others. Written by `test/docs/op-table.test.ts`.',
    '',
    `| op | plugin | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows.toSorted(),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/op-table.md');
});

test.each(['wasm', 'webgpu'] as const)('the %s backend has every kernel that the js backend has', (name) => {
  expect(backends[name].names).toEqual(backends.js.names);
});
