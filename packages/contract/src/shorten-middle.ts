const segmenter = new Intl.Segmenter();

/** `text` in at most `longest` characters: of a longer one the middle is left out, where "…" stands. */
export function shortenMiddle(text: string, longest: number): string {
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (characters.length <= longest) return text;
  const end = Math.floor((longest - 1) / 2);
  const beginning = longest - 1 - end;
  return `${characters.slice(0, beginning).join('')}…${characters.slice(characters.length - end).join('')}`;
}
