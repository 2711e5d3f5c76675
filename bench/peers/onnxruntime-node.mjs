import * as ort from 'onnxruntime-node';
import { trainWith } from './onnx/train.mjs';

await trainWith(ort, ort.env.versions.node, (threads) => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
}));
