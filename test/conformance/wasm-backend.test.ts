import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { conv2dCases } from '@convoy/conv2d/testing';
import { defineBackend } from '@convoy/engine';
import { conformance, standardCases } from '@convoy/engine/testing';
import { layersCases } from '@convoy/layers/testing';
import { describe, test } from 'vitest';

const cases = [...standardCases, ...conv2dCases, ...layersCases];
const [own] = wasm().modules;
const backend = defineBackend({ name: 'wasm', kernels: new URL(own.url), options: own.options, extends: js() });

describe('the wasm backend against the js backend in double precision', () => {
  for (const { name, run } of conformance({ backend, reference: js(), cases, tolerance: 1e-5 })) test(name, run);
});
