/** Colours by meaning. */
export interface Paint {
  readonly colours: boolean;
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

const GREEN = 32;
const RED = 31;
const GREY = 90;

export function paintWith(colours: boolean): Paint {
  const inColour = (colour: number) => (text: string) => (colours ? `\u001B[${colour}m${text}\u001B[39m` : text);
  return { colours, good: inColour(GREEN), bad: inColour(RED), faint: inColour(GREY) };
}
