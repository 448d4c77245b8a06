/** The panel «Texts»: the novel, or what the user pasted and dropped. */
import { byId, h } from '../dom.js';
import { acceptFiles } from '../files.js';
import { bytes, counted } from '../format.js';
import { siteFile } from '../site.js';
import { documentOf, readDocument, sentenceCount, type TextDocument } from './texts.js';

export type SourceName = 'novel' | 'own';

/** More would take minutes and much memory in a page. */
const MOST_SENTENCES = 20_000;

interface AddedFile {
  readonly name: string;
  readonly size: number;
  readonly document?: TextDocument;
  readonly fault?: string;
}

/** Kept over a reload, which a change of the page's threads needs. */
export interface KeptTexts {
  readonly name: SourceName;
  readonly pasted: string;
  readonly files: readonly AddedFile[];
}

const own = byId('own', HTMLDivElement);
const pasted = byId('pasted', HTMLTextAreaElement);
const fileList = byId('file-list', HTMLUListElement);
const ownCount = byId('own-count', HTMLParagraphElement);
const radios = [...document.querySelectorAll<HTMLInputElement>('input[name=source]')];

let files: AddedFile[] = [];
let novel: Promise<TextDocument> | undefined;

async function loadNovel(): Promise<TextDocument> {
  const response = await fetch(siteFile('corpus/moby-dick.json'));
  if (!response.ok) throw new Error(`the site lacks its sentences (status ${response.status})`);
  return (await response.json()) as TextDocument;
}

export function sourceName(): SourceName {
  return radios.find(({ checked }) => checked)?.value === 'own' ? 'own' : 'novel';
}

/** The texts to index: empty where nothing was given yet. */
export async function documents(): Promise<TextDocument[]> {
  if (sourceName() === 'own') return limited(ownDocuments());
  novel ??= loadNovel().catch((error: unknown) => {
    novel = undefined;
    throw error;
  });
  return [await novel];
}

function ownDocuments(): TextDocument[] {
  const added = files.flatMap(({ document }) => (document ? [document] : []));
  const text = pasted.value.trim();
  return text === '' ? added : [documentOf('pasted text', text), ...added];
}

function limited(all: readonly TextDocument[]): TextDocument[] {
  let left = MOST_SENTENCES;
  return all.map(({ title, passages }) => ({
    title,
    passages: passages.filter(({ sentences }) => {
      left -= sentences.length;
      return left >= 0;
    }),
  }));
}

function showCount(): void {
  const sentences = sentenceCount(ownDocuments());
  const over =
    sentences > MOST_SENTENCES
      ? `; the first ${counted(MOST_SENTENCES, 'sentence')} are taken`
      : '';
  const faulty = files.filter(({ fault }) => fault !== undefined).length;
  const unused = faulty === 0 ? '' : ` Not used: ${counted(faulty, 'file')}.`;
  ownCount.textContent =
    (sentences === 0 ? 'No texts yet.' : `${counted(sentences, 'sentence')}${over}.`) + unused;
}

function fileView(file: AddedFile, remove: () => void): HTMLElement {
  const state = file.document
    ? counted(sentenceCount([file.document]), 'sentence')
    : `not used: ${file.fault ?? ''}`;
  const button = h(
    'button',
    { type: 'button', class: 'button plain', 'aria-label': `Remove ${file.name}` },
    'Remove',
  );
  button.addEventListener('click', remove);
  return h(
    'li',
    { class: file.fault ? 'file faulty' : 'file' },
    h('span', { class: 'file-name' }, file.name, h('small', {}, `${bytes(file.size)}, ${state}`)),
    button,
  );
}

async function added(file: File): Promise<AddedFile> {
  const { name, size } = file;
  try {
    return { name, size, document: await readDocument(file) };
  } catch (error) {
    return { name, size, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** `changed` is called whenever other texts are meant. */
export function setUpSources(kept: KeptTexts | undefined, changed: () => void): () => KeptTexts {
  const show = () => {
    own.hidden = sourceName() !== 'own';
    fileList.replaceChildren(
      ...files.map((file) =>
        fileView(file, () => {
          files = files.filter((each) => each !== file);
          show();
          changed();
          byId('files', HTMLInputElement).focus();
        }),
      ),
    );
    showCount();
  };
  const take = async (chosen: readonly File[]) => {
    if (chosen.length === 0) return;
    for (const radio of radios) radio.checked = radio.value === 'own';
    files = [...files, ...(await Promise.all(chosen.map(added)))];
    show();
    changed();
  };
  if (kept) {
    for (const radio of radios) radio.checked = radio.value === kept.name;
    pasted.value = kept.pasted;
    files = [...kept.files];
  }
  for (const radio of radios) {
    radio.addEventListener('change', () => {
      show();
      changed();
    });
  }
  pasted.addEventListener('input', () => {
    showCount();
    changed();
  });
  acceptFiles(byId('files', HTMLInputElement), (chosen) => void take(chosen));
  show();
  return () => ({ name: sourceName(), pasted: pasted.value, files });
}
