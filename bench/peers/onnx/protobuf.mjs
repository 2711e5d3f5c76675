// The few messages of ONNX that a graph needs, as protocol buffers write them: https://onnx.ai/onnx/api/classes.html

const varint = (value) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
};
const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
};
const float = (field, value) => {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), content]);
};

const Kind = { float: 1, int: 2, string: 3, ints: 7 };
const FLOAT = 1;
const INT64 = 7;

/** A number that is not an integer is a float; write `{ float: 1 }` for one that is. */
function attribute(name, value) {
  const head = bytes(1, name);
  if (Array.isArray(value))
    return Buffer.concat([head, ...value.map((each) => integer(8, each)), integer(20, Kind.ints)]);
  if (typeof value === 'string') return Buffer.concat([head, bytes(4, value), integer(20, Kind.string)]);
  if (typeof value === 'object') return Buffer.concat([head, float(2, value.float), integer(20, Kind.float)]);
  return Buffer.concat([head, integer(3, value), integer(20, Kind.int)]);
}

export function node(type, inputs, outputs, attributes = {}) {
  return Buffer.concat([
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, type),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  ]);
}

/** A float tensor that goes in or out. */
export function valueInfo(name, shape) {
  const dimensions = Buffer.concat(shape.map((length) => bytes(1, integer(1, length))));
  const type = Buffer.concat([integer(1, FLOAT), bytes(2, dimensions)]);
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, type))]);
}

/** A constant: int64 from an array of integers, float from a Float32Array. */
export function constant(name, values, shape = [values.length]) {
  const isFloat = values instanceof Float32Array;
  const raw = isFloat ? values : BigInt64Array.from(values.map(BigInt));
  return Buffer.concat([
    ...shape.map((length) => integer(1, length)),
    integer(2, isFloat ? FLOAT : INT64),
    bytes(8, name),
    bytes(9, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)),
  ]);
}

export function model({ nodes, constants, inputs, outputs }) {
  const graph = Buffer.concat([
    ...nodes.map((each) => bytes(1, each)),
    bytes(2, 'training'),
    ...constants.map((each) => bytes(5, each)),
    ...inputs.map((each) => bytes(11, each)),
    ...outputs.map((each) => bytes(12, each)),
  ]);
  const opset = Buffer.concat([bytes(1, ''), integer(2, 17)]);
  return Buffer.concat([integer(1, 8), bytes(7, graph), bytes(8, opset)]);
}
