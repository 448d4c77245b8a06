/** The system page: findings as a list, and as text for a bug report. */
import { byId, h } from '../dom.js';
import { counted } from '../format.js';
import { shell } from '../shell.js';
import {
  gpuFindings,
  memoryFindings,
  threadFindings,
  wasmFindings,
  type Finding,
} from './probes.js';

type Group = readonly [title: string, findings: readonly Finding[]];

function findingView({ name, state, value, meaning, remedy }: Finding): HTMLElement {
  return h(
    'div',
    { class: `finding ${state}` },
    h('dt', {}, name),
    h(
      'dd',
      {},
      h('p', { class: 'finding-value' }, h('span', { class: 'sign', 'aria-hidden': true }), value),
      h('p', { class: 'quiet' }, meaning),
      remedy !== undefined && h('p', { class: 'remedy' }, h('b', {}, 'How to get it: '), remedy),
    ),
  );
}

function groupView([title, findings]: Group): HTMLElement {
  return h(
    'section',
    { class: 'panel' },
    h('h2', {}, title),
    h('dl', { class: 'findings' }, ...findings.map(findingView)),
  );
}

function verdict(groups: readonly Group[]): string {
  const all = groups.flatMap(([, findings]) => findings);
  const has = (name: string) =>
    all.some((finding) => finding.name === name && finding.state === 'yes');
  if (!has('SIMD') || !has('Exceptions'))
    return 'infercore can’t run here: this browser’s WebAssembly is too old.';
  const threads = has('Cross-origin isolation')
    ? `with threads on ${counted(navigator.hardwareConcurrency, 'core')}`
    : 'on one thread';
  const gpu = has('WebGPU') ? 'WebGPU is there, too.' : 'There is no WebGPU.';
  return `infercore runs here: as WebAssembly ${threads}. ${gpu}`;
}

function asText(groups: readonly Group[]): string {
  const lines = groups.flatMap(([title, findings]) => [
    `## ${title}`,
    ...findings.map(({ name, value }) => `${name}: ${value}`),
    '',
  ]);
  return [...lines, navigator.userAgent].join('\n');
}

async function main(): Promise<void> {
  const isolation = await shell();
  const groups: Group[] = [
    ['Threads', threadFindings(isolation)],
    ['WebAssembly', wasmFindings()],
    ['Graphics card and accelerators', await gpuFindings()],
    ['Memory', await memoryFindings()],
  ];
  byId('groups', HTMLDivElement).replaceChildren(...groups.map(groupView));
  byId('verdict', HTMLParagraphElement).textContent = verdict(groups);
  const button = byId('copy', HTMLButtonElement);
  button.disabled = false;
  button.addEventListener('click', () => void copy(asText(groups)));
}

async function copy(text: string): Promise<void> {
  const note = byId('copy-note', HTMLSpanElement);
  try {
    // Over plain http there is no clipboard at all.
    await navigator.clipboard.writeText(text);
    note.textContent = 'Copied.';
  } catch {
    note.textContent = 'The browser does not allow it.';
  }
}

await main();
