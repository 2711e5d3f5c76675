import { defineCoder } from '../../define/codec.js';

const SCALE_BYTES = 4;

/** The scale as float32, then a signed byte for each element. */
export default defineCoder(() => ({
  encode(values) {
    const bytes = new Uint8Array(SCALE_BYTES + values.length);
    const view = new DataView(bytes.buffer);
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value));
    const scale = Math.fround(largest / 127);
    view.setFloat32(0, scale);
    if (scale === 0) return bytes;
    for (let i = 0; i < values.length; i++) {
      const q = Math.round((values[i] as number) / scale);
      view.setInt8(SCALE_BYTES + i, Math.max(-127, Math.min(127, q)));
    }
    return bytes;
  },
  decode(bytes, values) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const scale = view.getFloat32(0);
    for (let i = 0; i < values.length; i++) values[i] = scale * view.getInt8(SCALE_BYTES + i);
  },
}));
