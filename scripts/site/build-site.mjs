// The documents as a site: one HTML file for each, with a list of contents, a search and links that also work from a folder, without a
// server and without a network. markdown-it reads, highlight.js colours; the template is ours. Written to `site/`.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import hljs from 'highlight.js/lib/common';
import MarkdownIt from 'markdown-it';
import { titleOf } from '../reference/llms.mjs';
import { CONTENTS } from './contents.mjs';

const own = import.meta.dirname;

/** `generated`: text by file of pages that are in no folder. Gives the folder. */
export function buildSite(root, generated = {}) {
  const out = join(root, 'site');
  rmSync(out, { recursive: true, force: true });
  const files = CONTENTS.flatMap((section) => section.files);
  const texts = new Map(files.map((file) => [file, generated[file] ?? readFileSync(join(root, file), 'utf8')]));
  const decisions = decisionsIn(root);
  for (const [file, text] of decisions) texts.set(file, text);
  const search = [];
  for (const [file, text] of texts) {
    const page = pageFor(file);
    const { html, headings, words } = rendered(text, file, texts, root);
    search.push({ page, title: titleOf(text), headings, words });
    mkdirSync(dirname(join(out, page)), { recursive: true });
    writeFileSync(join(out, page), document(file, titleOf(text), html, headings, texts));
  }
  for (const name of ['site.css', 'site.js']) cpSync(join(own, name), join(out, name));
  cpSync(join(root, 'docs/images'), join(out, 'docs/images'), { recursive: true });
  // A script and no JSON: a page in a folder may not fetch.
  writeFileSync(join(out, 'search.js'), `globalThis.searchIndex = ${JSON.stringify(search)};\n`);
  writeFileSync(join(out, 'llms.txt'), generated['llms.txt'] ?? readFileSync(join(root, 'llms.txt'), 'utf8'));
  return out;
}

function decisionsIn(root) {
  const architecture = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  return [...architecture.matchAll(/\]\((decisions\/[\w-]+\.md)\)/g)]
    .map(([, path]) => `docs/${path}`)
    .filter((file) => existsSync(join(root, file)))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]);
}

function pageFor(file) {
  return file === 'README.md' ? 'index.html' : `${file.replace(/\.md$/, '').toLowerCase()}.html`;
}

function rendered(text, file, texts, root) {
  const headings = [];
  const words = [];
  const markdown = new MarkdownIt({ html: false, linkify: true, highlight: coloured });
  const { renderer } = markdown;
  let isLink = false;
  renderer.rules.heading_open = (tokens, i) => {
    const content = tokens[i + 1].content.replaceAll('`', '');
    const id = anchor(content);
    if (tokens[i].tag !== 'h1') headings.push({ id, text: content, level: Number(tokens[i].tag[1]) });
    return `<${tokens[i].tag} id="${id}">`;
  };
  const link = renderer.rules.link_open ?? ((tokens, i, options, env, self) => self.renderToken(tokens, i, options));
  renderer.rules.link_open = (tokens, i, ...rest) => {
    const href = linked(tokens[i].attrGet('href'), file, texts, root);
    isLink = href !== undefined;
    if (!isLink) return '<span class="file">';
    tokens[i].attrSet('href', href);
    return link(tokens, i, ...rest);
  };
  renderer.rules.link_close = () => (isLink ? '</a>' : '</span>');
  // Tables may be wider than a narrow window.
  renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table>';
  renderer.rules.table_close = () => '</table></div>';
  for (const { type, children } of markdown.parse(text, {}))
    if (type === 'inline')
      words.push(...children.filter((c) => c.type === 'text' || c.type === 'code_inline').map((c) => c.content));
  return { html: markdown.render(text), headings, words: words.join(' ') };
}

function coloured(code, info) {
  const language = { jsonc: 'json', sh: 'bash', html: 'xml', tsx: 'ts' }[info] ?? info.split(' ')[0];
  const name = { jsonc: 'json', sh: 'bash', html: 'xml', tsx: 'ts' }[language] ?? language;
  return hljs.getLanguage(name) ? hljs.highlight(code, { language: name }).value : '';
}

/** Documents are pages; other files of the project are no part of the site, so that only their names are told. */
function linked(href, file, texts, root) {
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path, hash] = href.split('#', 2);
  const target = posix.normalize(posix.join(posix.dirname(file), path));
  if (!texts.has(target) && !existsSync(join(root, target)))
    throw new Error(`${file} links to ${href}, which does not exist.`);
  if (!texts.has(target)) return undefined;
  return `${posix.relative(posix.dirname(pageFor(file)), pageFor(target))}${hash === undefined ? '' : `#${hash}`}`;
}

function document(file, title, html, headings, texts) {
  const page = pageFor(file);
  const up = posix.relative(posix.dirname(page), '.') || '.';
  const item = (one) => {
    const href = posix.relative(posix.dirname(page), pageFor(one));
    return `<li><a href="${href}"${one === file ? ' aria-current="page"' : ''}>${escaped(titleOf(texts.get(one)))}</a></li>`;
  };
  const sections = CONTENTS.map((s) => `<h2>${s.title}</h2><ul>${s.files.map(item).join('')}</ul>`).join('');
  const within = headings.filter(({ level }) => level === 2);
  const here =
    within.length > 1
      ? `<nav class="here" aria-label="On this page"><ul>${within.map((h) => `<li><a href="#${h.id}">${escaped(h.text)}</a></li>`).join('')}</ul></nav>`
      : '';
  return `<!doctype html>
<html lang="en" data-up="${up}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}${title === 'Millrace' ? '' : ' · Millrace'}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}/site.css">
<script src="${up}/search.js" defer></script>
<script src="${up}/site.js" defer></script>
<a class="skip" href="#content">To the content</a>
<header><a class="name" href="${up}/index.html">Millrace</a>
<div role="search"><input type="search" aria-label="Search" placeholder="Search" autocomplete="off" aria-controls="results"><ul id="results" hidden></ul></div></header>
<div class="columns">
<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary>${sections}</details></nav>
<main id="content" tabindex="-1">${html}</main>
${here}
</div>
</html>
`;
}

export function anchor(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
