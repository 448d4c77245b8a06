/** Files that users choose or drop. */
import { bytes } from './format.js';

type Take = (files: readonly File[], target: Element | undefined) => void;

/** Files that are dropped anywhere on the page, or chosen with `input`. */
export function acceptFiles(input: HTMLInputElement, take: Take): void {
  chosenFiles(input, take);
  droppedFiles(take);
}

export function chosenFiles(input: HTMLInputElement, take: Take): void {
  input.addEventListener('change', () => {
    take([...(input.files ?? [])], input);
    input.value = '';
  });
}

/** Dropped anywhere on the page; `take` is told where. */
export function droppedFiles(take: Take): void {
  // Enter and leave come for every element inside as well: only their balance tells.
  let depth = 0;
  const enter = (by: number) => {
    depth = Math.max(0, depth + by);
    document.body.classList.toggle('dropping', depth > 0);
  };
  // Words that are dragged into a field are none of our business.
  const onFiles = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', act: Act) => {
    document.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      if (type === 'dragover' || type === 'drop') event.preventDefault();
      act(event.dataTransfer, event.target);
    });
  };
  onFiles('dragenter', () => {
    enter(1);
  });
  onFiles('dragleave', () => {
    enter(-1);
  });
  onFiles('dragover', () => undefined);
  onFiles('drop', ({ files }, target) => {
    enter(-depth);
    take([...files], target instanceof Element ? target : undefined);
  });
}
type Act = (transfer: DataTransfer, target: EventTarget | null) => void;

/** @throws Error that says in plain words why there are no bytes */
export async function bytesOf(file: File, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > most) {
    throw new Error(`it is too large: at most ${bytes(most)} can be read`);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Error('the browser can’t read it: is it a folder, or was it moved meanwhile?', {
      cause: error,
    });
  }
}
