import { defineCoder } from '../../define/codec.js';

/** An element: its place as uint32, its value as float32. */
const ENTRY_BYTES = 8;

export default defineCoder((options) => {
  const { fraction } = options as { readonly fraction: number };
  return {
    encode(values) {
      const count = Math.min(values.length, Math.max(1, Math.round(fraction * values.length)));
      const sizes = values.map(Math.abs);
      const least = sizes.toSorted()[values.length - count] as number;
      const above = sizes.reduce((n, size) => n + Number(size > least), 0);
      // Of those that are as large as the least, the first ones: the same elements on every machine.
      let ties = count - above;
      const bytes = new Uint8Array(count * ENTRY_BYTES);
      const view = new DataView(bytes.buffer);
      let entry = 0;
      values.forEach((value, place) => {
        const size = sizes[place] as number;
        if (size < least || (size === least && ties-- <= 0)) return;
        view.setUint32(entry * ENTRY_BYTES, place);
        view.setFloat32(entry * ENTRY_BYTES + 4, value);
        entry++;
      });
      return bytes;
    },
    decode(bytes, values) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      values.fill(0);
      for (let at = 0; at < bytes.byteLength; at += ENTRY_BYTES) values[view.getUint32(at)] = view.getFloat32(at + 4);
    },
  };
});
