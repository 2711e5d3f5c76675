/** An SVG element as text. */
export type Svg = string;

export type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** Numbers are rounded to hundredths of a pixel. */
export function element(name: string, attributes: Attributes, children: readonly Svg[] = []): Svg {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === 'number' ? String(Math.round(100 * value) / 100) : escaped(value);
    return ` ${key}="${text}"`;
  });
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

export function label(text: string, attributes: Attributes): Svg {
  return element('text', { 'font-size': 12, fill: '#333333', ...attributes }, [escaped(text)]);
}

/** Width in pixels of a character of 12 pixels, on the safe side: a picture does not know its reader's fonts. */
export const CHARACTER = 6.6;

/** Lines of whole words that fit into a width. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && CHARACTER * longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A whole picture on white ground; screen readers read its title. */
export function picture(size: { width: number; height: number }, title: string, parts: readonly Svg[]): Svg {
  const { width, height } = size;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    width: Math.ceil(width),
    height: Math.ceil(height),
    role: 'img',
    'font-family': 'system-ui, "DejaVu Sans", sans-serif',
  };
  const ground = element('rect', { width: '100%', height: '100%', fill: '#ffffff' });
  return `${element('svg', attributes, [element('title', {}, [escaped(title)]), ground, ...parts])}\n`;
}
