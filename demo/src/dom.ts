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

/** Calls `work` once nothing has happened for `ms`. */
export function debounced(ms: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}
