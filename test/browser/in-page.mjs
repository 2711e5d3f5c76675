/** Runs in the page: trains a small network on a backend, then does what a browser cannot, and tells the losses and the refusals. */
globalThis.trainInPage = async (name) => {
  const entry = (folder) => import(`/packages/${folder}/dist/index.js`);
  const { createEngine, hogwild } = await entry('engine');
  const { conv2d } = await entry('conv2d');
  const { dense, flatten } = await entry('layers');
  const { adam } = await entry('optimizers');
  const module = await entry(`backends/${name}`);
  const backend = module[name]();
  const engine = await createEngine({ backend, seed: 42 });
  try {
    const model = engine.sequential([
      conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      flatten(),
      dense({ units: 2 }),
    ]);
    model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    const x = Float32Array.from({ length: 256 * 64 }, (_, i) => ((i >> 6) % 2 === (i >> 2) % 2 ? 1 : 0));
    const y = Int32Array.from({ length: 256 }, (_, i) => i % 2);
    const { history } = await model.fit({ x, y }, { epochs: 8, batchSize: 64 });
    const attempts = {
      wasm: async () => (await entry('backends/wasm')).wasm(),
      threads: () => createEngine({ backend, workers: 4 }),
      strategy: () => model.fit({ x, y }, { epochs: 1, batchSize: 64, strategy: hogwild() }),
      save: () => model.save('folder'),
      load: () => engine.load('folder'),
      concrete: async () => flatten().apply(engine.tensor([1, 2], [1, 2])),
    };
    const refusals = {};
    for (const [what, attempt] of Object.entries(attempts)) {
      try {
        await attempt();
        refusals[what] = null;
      } catch ({ code }) {
        refusals[what] = code;
      }
    }
    return { losses: history.loss, refusals };
  } finally {
    await engine.dispose();
  }
};
