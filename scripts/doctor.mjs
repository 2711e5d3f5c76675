// Says what this machine has, and what Convoy would use of it and why. Reads; changes nothing.
import { availableParallelism, cpus, totalmem } from 'node:os';

const { wasm } = await import('../packages/backends/wasm/dist/index.js');
const { probeGpus } = await import('../packages/backends/webgpu/dist/index.js');
const { automatic } = await import('../packages/engine/dist/execute/worker-count.js');
const { cpuQuota } = await import('../packages/engine/dist/execute/cpu-quota.js');

const row = (name, value) => console.log(`  ${name.padEnd(18)}${value}`);
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

console.log('Processor');
row('model', cpus()[0]?.model ?? 'unknown');
row('processors', availableParallelism());
const { count, reason } = automatic(availableParallelism(), cpuQuota());
row('workers', `${count}: ${reason}`);
row('memory', mebibytes(totalmem()));

console.log('Node');
row('version', process.version);
row('platform', `${process.platform} ${process.arch}`);
row('WebAssembly', `SIMD and threads; the ${wasm().build} build runs`);

console.log('GPU');
const { adapters, reason: missing } = await probeGpus();
if (missing !== null) row('none', missing);
for (const { name, vendor, architecture, driver, software, features, subgroupSizes, limits } of adapters) {
  row(
    'adapter',
    `${name}${software ? '  (SOFTWARE: it computes on the processor, and its speed says nothing of a GPU)' : ''}`,
  );
  row('  vendor', [vendor, architecture].filter((each) => each !== '').join(', ') || 'unknown');
  row('  driver', driver);
  row(
    '  features',
    features.filter((feature) => /f16|subgroups|timestamp/.test(feature)).join(', ') || 'none that Convoy uses',
  );
  const sizes = subgroupSizes ? `, of ${[...new Set(subgroupSizes)].join(' to ')} threads` : '';
  row(
    '  subgroups',
    features.includes('subgroups') ? `used for long sums and softmax rows${sizes}` : 'none: workgroup memory is used',
  );
  row('  buffer', `${mebibytes(limits.maxBufferSize)}, bound ${mebibytes(limits.maxStorageBufferBindingSize)} at once`);
  row('  bindings', `${limits.maxStorageBuffersPerShaderStage} storage buffers`);
  row(
    '  workgroup',
    `${limits.maxComputeInvocationsPerWorkgroup} threads, ${limits.maxComputeWorkgroupStorageSize} bytes`,
  );
}

console.log('Convoy would use');
row(
  'wasm()',
  `the ${wasm().build} build on ${count} worker${count === 1 ? '' : 's'}: the default, for it needs nothing but Node`,
);
const [first] = adapters;
const hardware = adapters.find(({ software }) => !software);
if (!first) row('webgpu()', 'no: see above');
else if (hardware)
  row(
    'webgpu()',
    `'${first.name}': the adapter that the driver prefers${first.software ? `; name '${hardware.name}' for the hardware` : ''}`,
  );
else row('webgpu()', `'${first.name}', in software: good for tests alone; take wasm()`);
if (first) {
  const f16 = first.features.includes('shader-f16');
  row('webgpu({ f16 })', f16 ? 'float16 activations are to be had' : "no: the adapter has no feature 'shader-f16'");
  const names = adapters.map(({ name }) => `'${name}'`).join(', ');
  row(
    'adapters',
    `${adapters.length}${adapters.length > 1 ? `: a strategy has a replica on each with webgpu({ adapter: [${names}] })` : ''}`,
  );
}
