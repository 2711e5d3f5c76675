/** Bits of the WebGPU standard, which in Node are no globals. */
export const Usage = {
  mapRead: 0x1,
  mapWrite: 0x2,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

export const MapMode = { read: 1, write: 2 } as const;

/** Shader stages. */
export const Stage = { compute: 4 } as const;
