import { pageWords, type Refusal } from '@tallylight/messages/pages';

/** What a browser may do with {@link plainPage}: nothing but show it. */
export const plainPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  vary: 'accept, accept-language',
} as const;

const style = `
  :root { color-scheme: light dark; --back: #eceef3; --card: #fff; --line: #d8dce6; --text: #171b24; --muted: #556076 }
  @media (prefers-color-scheme: dark) {
    :root { --back: #0e1014; --card: #15181f; --line: #2a3040; --text: #e9ecf3; --muted: #9aa5ba }
  }
  body {
    display: grid; place-items: center; min-height: 100vh; box-sizing: border-box; margin: 0; padding: 20px;
    background: var(--back); color: var(--muted); font: 15px/1.6 Inter, system-ui, sans-serif
  }
  main {
    max-width: 30em; padding: 28px 32px; border: 1px solid var(--line); border-radius: 12px; background: var(--card)
  }
  h1 { margin: 0 0 8px; color: var(--text); font-size: 18px; line-height: 1.3; text-wrap: balance }
  p { margin: 0 }
`;

/** A page that says why there is nothing else, and names nothing of what is behind it. */
export function plainPage(why: Refusal, acceptLanguage: string | undefined): string {
  const { language, words } = pageWords(acceptLanguage);
  const { title, text } = words.refusals[why];
  return `<!doctype html>
<html lang="${language}">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Tallylight</title>
  <link rel="icon" href="data:,">
  <style>${style}</style>
  <main><h1>${title}</h1><p>${text}</p></main>
</html>
`;
}
