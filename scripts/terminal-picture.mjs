/**
 * Draws what a program printed as a picture of a terminal, so that a page can show it as text can't be shown.
 *
 *     node scripts/terminal-picture.mjs "npm run quickstart" docs/quickstart.svg      # runs it, warm
 *     node scripts/terminal-picture.mjs "npm run quickstart" docs/quickstart.svg FILE # output captured before
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './lib/act.mjs';

const LINE = 19;
const CHARACTER = 8.05;
const MARGIN = 18;
const COLORS = { background: '#16181d', text: '#d8dbe2', command: '#7fd68c', query: '#8ab8ff' };

const [command = '', target = '', captured] = process.argv.slice(2);
if (!command || !target) {
  console.error('usage: node scripts/terminal-picture.mjs COMMAND PICTURE.svg [CAPTURED.txt]');
  process.exit(2);
}
writeFileSync(target, picture(command, captured ? readFileSync(captured, 'utf8') : await output()));

async function output() {
  const [program = '', ...args] = command.split(' ');
  return (await run(program, args, { capture: true })).output;
}

function picture(title, printed) {
  // npm's own lines say nothing about the program.
  const lines = printed.split('\n').filter((line) => !/^(npm warn|> |\[\d+\/\d+\])/.test(line));
  const text = [`$ ${title}`, ...lines.join('\n').trim().split('\n')];
  const width = Math.ceil(Math.max(...text.map((line) => line.length)) * CHARACTER) + 2 * MARGIN;
  const height = text.length * LINE + 2 * MARGIN;
  const rows = text.map((line, i) => {
    const color = i === 0 ? COLORS.command : line.startsWith('“') ? COLORS.query : COLORS.text;
    return `<text x="${MARGIN}" y="${MARGIN + (i + 0.75) * LINE}" fill="${color}">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="${COLORS.background}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13.4" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}

function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
