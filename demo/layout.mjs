/**
 * What all pages share: the head with its security policy, the header, the footer. A page's file holds its `<main>`
 * alone, below one line `<!-- page: {"title": …, "description": …} -->`.
 */

/** No eval, nothing inline, nothing from elsewhere; WebAssembly may be compiled. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGES = [
  { file: 'search.html', name: 'Search' },
  { file: 'tokenizer.html', name: 'Tokenizer' },
  { file: 'system.html', name: 'System' },
];

const MARK = `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect x="2" y="5" width="11" height="6" rx="3" class="mark-a" />
  <rect x="2" y="13" width="17" height="6" rx="3" class="mark-b" />
  <rect x="2" y="21" width="8" height="6" rx="3" class="mark-c" />
  <circle cx="25" cy="16" r="5" class="mark-d" />
</svg>`;

/** @returns {import('vite').Plugin} */
export function layout() {
  return {
    name: 'infercore-layout',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) => document(html, filename.split('/').pop()),
    },
  };
}

function document(html, file) {
  const [, settings] = /<!-- page: ({.*}) -->/.exec(html) ?? [];
  const { title, description } = JSON.parse(settings);
  const links = PAGES.map(
    ({ file: to, name }) =>
      `<li><a href="./${to}"${to === file ? ' aria-current="page"' : ''}>${name}</a></li>`,
  ).join('');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${description}" />
    <title>${title}</title>
    <link rel="icon" href="./icon.svg" type="image/svg+xml" />
    <script vite-ignore src="./theme.js"></script>
    <link rel="stylesheet" href="./src/style/base.css" />
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href="./index.html"${file === 'index.html' ? ' aria-current="page"' : ''}>${MARK}<span>infercore</span></a>
      <nav aria-label="Pages"><ul>${links}</ul></nav>
      <button class="scheme" id="scheme" type="button"><span class="scheme-icon" aria-hidden="true"></span><span class="scheme-name" id="scheme-name">Dark</span></button>
    </header>
    ${html.replace(/<!-- page: .* -->\s*/, '')}
    <footer class="bottom">
      <p>What you type stays in this page: nothing is sent anywhere.</p>
      <p id="isolation"></p>
    </footer>
  </body>
</html>
`;
}
