// Text that may stand in an SVG picture, whatever it holds.

export function escape(text: string): string {
  const codes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  // Characters that XML does not allow at all are left out.
  return text
    .replaceAll(/[&<>"']/g, (c) => codes[c]!)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}
