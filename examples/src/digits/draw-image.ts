/** The 24 greys of a terminal of 256 colours, from almost black to almost white. */
const FIRST_GREY = 232;
const GREYS = 24;

/** Characters by how bright they are above and below. */
const SHADES = [
  { character: ' ', above: 0, below: 0 },
  { character: '░', above: 0.25, below: 0.25 },
  { character: '▒', above: 0.5, below: 0.5 },
  { character: '▓', above: 0.75, below: 0.75 },
  { character: '█', above: 1, below: 1 },
  { character: '▀', above: 1, below: 0 },
  { character: '▄', above: 0, below: 1 },
];

/**
 * An image as lines of text, one character for two pixels, the one above the other: in greys where there are colours,
 * else in the nearest shades.
 *
 * @param image bytes [height, width] in C order; 0 is dark
 */
export function drawImage(image: Uint8Array, width: number, colours: boolean): string[] {
  const height = image.length / width;
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    let line = '';
    for (let column = 0; column < width; column++) {
      const above = image[row * width + column] / 255;
      const below = row + 1 < height ? image[(row + 1) * width + column] / 255 : 0;
      line += colours ? twoGreys(grey(above), grey(below)) : nearestShade(above, below);
    }
    lines.push(colours ? `${line}\u001B[0m` : line);
  }
  return lines;
}

function grey(brightness: number): number {
  return FIRST_GREY + Math.round(brightness * (GREYS - 1));
}

/** The brighter half is the foreground, so that the shape is still there where colours get lost. */
function twoGreys(above: number, below: number): string {
  const same = above === FIRST_GREY ? ' ' : '█';
  const character = above === below ? same : above > below ? '▀' : '▄';
  return `\u001B[38;5;${Math.max(above, below)};48;5;${Math.min(above, below)}m${character}`;
}

function nearestShade(above: number, below: number): string {
  const distance = (shade: (typeof SHADES)[number]): number => (shade.above - above) ** 2 + (shade.below - below) ** 2;
  return SHADES.reduce((best, shade) => (distance(shade) < distance(best) ? shade : best)).character;
}
