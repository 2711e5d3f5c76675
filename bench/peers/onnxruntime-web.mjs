import * as ort from 'onnxruntime-web';
import { trainWith } from './onnx/train.mjs';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = Number(process.argv[3]);
await trainWith(ort, ort.env.versions.web, () => ({ executionProviders: ['wasm'] }));
