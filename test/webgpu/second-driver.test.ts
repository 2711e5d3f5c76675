import { js } from '@convoy/backend-js';
import { conv2dCases } from '@convoy/conv2d/testing';
import { conformance, standardCases } from '@convoy/engine/testing';
import { layersCases } from '@convoy/layers/testing';
import { test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';

const cases = [...standardCases, ...conv2dCases, ...layersCases];

describeOn(await gpuBackend('SwiftShader'), 'the webgpu backend on SwiftShader against the js backend', (backend) => {
  for (const { name, run } of conformance({ backend, reference: js(), cases, tolerance: 2e-5 })) test(name, run);
});
