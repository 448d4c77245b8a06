/** What the pages make and find elements with. */
type Child = Node | string | false | null | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** `h('p', { class: 'note' }, 'text')`: true gives an empty attribute, false and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== false && child != null));
  return element;
}

/** The element of the page's file with this id. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${type.name} with the id ${id}`);
}

/** A list of terms and what they are; entries without a value are left out. */
export function definitions(entries: readonly (readonly [string, Child | Child[]])[]): HTMLElement {
  const list = h('dl', { class: 'facts' });
  for (const [term, value] of entries) {
    const values = (Array.isArray(value) ? value : [value]).filter(Boolean);
    if (values.length > 0) list.append(h('div', {}, h('dt', {}, term), h('dd', {}, ...values)));
  }
  return list;
}

/** Files that are dropped anywhere on `target`, or chosen with `input`. */
export function acceptFiles(
  target: HTMLElement,
  input: HTMLInputElement,
  take: (files: readonly File[]) => void,
): void {
  input.addEventListener('change', () => {
    take([...(input.files ?? [])]);
    input.value = '';
  });
  // Enter and leave come for every element inside as well: only their balance tells.
  let depth = 0;
  const show = (by: number) => {
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    target.classList.toggle('dropping', depth > 0);
  };
  target.addEventListener('dragenter', () => {
    show(1);
  });
  target.addEventListener('dragleave', () => {
    show(-1);
  });
  target.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  target.addEventListener('drop', (event) => {
    event.preventDefault();
    show(0);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Calls `work` once nothing has happened for `ms`. */
export function debounced(ms: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}
