import { js } from '@convoy/backend-js';
import { conv2dCases } from '@convoy/conv2d/testing';
import { conformance, standardCases } from '@convoy/engine/testing';
import { layersCases } from '@convoy/layers/testing';
import { describe, test } from 'vitest';
import { wasmWith } from '../fixtures/wasm-with.js';

const cases = [...standardCases, ...conv2dCases, ...layersCases];

describe('the wasm backend against the js backend in double precision', () => {
  const backend = wasmWith({ convolution: 'byRule' });
  for (const { name, run } of conformance({ backend, reference: js(), cases, tolerance: 2e-5 })) test(name, run);
});

describe('with every convolution computed directly', () => {
  const backend = wasmWith({ convolution: 'direct' });
  const checks = conformance({ backend, reference: js(), cases: conv2dCases, tolerance: 1e-5 });
  for (const { name, run } of checks) test(name, run);
});

describe("with Winograd's algorithm wherever it can be", () => {
  const backend = wasmWith({ convolution: 'winograd' });
  const checks = conformance({ backend, reference: js(), cases: conv2dCases, tolerance: 2e-5 });
  for (const { name, run } of checks) test(name, run);
});

describe('with every input gradient scattered', () => {
  const backend = wasmWith({ convolution: 'scatter' });
  const checks = conformance({ backend, reference: js(), cases: conv2dCases, tolerance: 1e-5 });
  for (const { name, run } of checks.filter((check) => check.name.startsWith('conv2dInputGradient'))) test(name, run);
});
