/**
 * What Intl.Segmenter parts a text into, in order. Engines keep a copy of the whole text with each segment, so the text goes
 * there window by window. `open`: how many of a window's last segments may be others with what comes behind it; they begin
 * the next one.
 */
export function* segmentsOf(
  segmenter: Intl.Segmenter,
  text: string,
  open: number,
): Generator<string> {
  const window = 1024;
  let size = window;
  for (let at = 0; at < text.length;) {
    const part = text.slice(at, at + size);
    const found = Array.from(segmenter.segment(part), ({ segment }) => segment);
    if (at + size < text.length) found.splice(-open);
    size = found.length > 0 ? window : size * 2;
    yield* found;
    for (const { length } of found) at += length;
  }
}
