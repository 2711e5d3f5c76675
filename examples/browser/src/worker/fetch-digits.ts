/** What `buildNetwork` and `fit` need of the digits. */
export interface Digits {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly classes: readonly string[];
  readonly train: Part;
  readonly test: Part;
}

interface Part {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export async function fetchDigits(images: number, testImages: number): Promise<Digits> {
  const [about, ...parts] = await Promise.all([
    get('about').then((response) => response.json() as Promise<Omit<Digits, 'train' | 'test'>>),
    fetchPart('train', images),
    fetchPart('test', testImages),
  ]);
  const [train, test] = parts;
  return { ...about, train, test };
}

async function fetchPart(part: 'train' | 'test', rows: number): Promise<Part> {
  const [images, labels] = await Promise.all(
    ['images', 'labels'].map(async (kind) => new Uint8Array(await bytesOf(`${part}-${kind}?rows=${rows}`))),
  );
  return { images, labels };
}

async function bytesOf(name: string): Promise<ArrayBuffer> {
  const response = await get(name);
  return response.arrayBuffer();
}

async function get(name: string): Promise<Response> {
  const response = await fetch(`/digits/${name}`);
  if (!response.ok) throw new Error(`/digits/${name}: ${response.status} ${response.statusText}`);
  return response;
}
