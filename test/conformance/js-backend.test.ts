import { js } from '@convoy/backend-js';
import { conv2dCases } from '@convoy/conv2d/testing';
import { conformance, standardCases } from '@convoy/engine/testing';
import { layersCases } from '@convoy/layers/testing';
import { describe, test } from 'vitest';

const cases = [...standardCases, ...conv2dCases, ...layersCases];

describe('the js backend in float32, against itself in double precision', () => {
  for (const { name, run } of conformance({ backend: js(), reference: js(), cases, tolerance: 1e-5 })) test(name, run);
});
