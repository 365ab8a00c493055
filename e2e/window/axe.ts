import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export const looks = {
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  light: { colorScheme: 'light', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

export type Look = (typeof looks)[keyof typeof looks];

/** Nothing is judged halfway between two colours: the page has been drawn in its new ones, and nothing fades. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await drawn();
    await drawn();
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.all(fading.map(({ finished }) => finished.catch(() => undefined)));
    await drawn();
  });

/** What axe finds in the page as it is drawn in `look`, and what reaches beyond the page's edge. */
export async function violations(page: Page, look: Look): Promise<string[]> {
  // With forced colours contrast is the system's, and axe reads a colour of text that is not the one that is drawn.
  const passedOver = look.forcedColors === 'active' ? ['color-contrast'] : [];
  // Legacy mode leaves out frames of other origins, of which the window has none, and saves opening a page each time.
  const found = await new AxeBuilder({ page })
    .setLegacyMode()
    // What passed nobody reads, and to write it all down takes longer than to look.
    .options({ resultTypes: ['violations'], selectors: false })
    .disableRules(passedOver)
    .analyze();
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  return [
    ...found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    ),
    ...(beyond > 0 ? [`the page is ${beyond} pixels wider than its window`] : []),
  ];
}
