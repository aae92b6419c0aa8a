// Search in the site's own index, and the list of contents folded in narrow windows.
const up = document.documentElement.dataset.up;
const field = document.querySelector('[type="search"]');
const results = document.querySelector('#results');

if (matchMedia('(max-width: 48rem)').matches) document.querySelector('.contents details').open = false;

function find(words) {
  const all = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (all.length === 0) return [];
  const found = [];
  for (const { page, title, headings, words: text } of globalThis.searchIndex) {
    const has = (where) => all.every((word) => where.toLowerCase().includes(word));
    if (has(title)) found.push({ score: 4, page, title });
    for (const heading of headings)
      if (has(`${heading.text}`))
        found.push({ score: 3, page: `${page}#${heading.id}`, title: heading.text, of: title });
    if (!has(title) && has(text)) {
      const at = text.toLowerCase().indexOf(all[0]);
      found.push({ score: 1, page, title, of: `… ${text.slice(Math.max(0, at - 30), at + 60)} …` });
    }
  }
  return found.sort((a, b) => b.score - a.score).slice(0, 12);
}

field.addEventListener('input', () => {
  const found = find(field.value);
  results.replaceChildren(
    ...found.map(({ page, title, of }) => {
      const link = Object.assign(document.createElement('a'), { href: `${up}/${page}`, textContent: title });
      if (of) link.append(Object.assign(document.createElement('small'), { textContent: of }));
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
  results.hidden = found.length === 0;
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') results.hidden = true;
  if (event.key === '/' && !/input|textarea/i.test(document.activeElement.tagName)) {
    event.preventDefault();
    field.focus();
  }
});
document.addEventListener('click', (event) => {
  if (!event.target.closest('[role="search"]')) results.hidden = true;
});
