import type { Page } from '@playwright/test';
import { windowMessages } from '../../renderer/src/state/messages-store.js';
import type { Language } from '@tallylight/messages';
import { looks, settled, violations, type Look } from './axe.js';
import { expect, test as windowTest } from './window-test.js';
import { openState, sizes, windowStates, type WindowStateName } from './window-states.js';

/** One page for every state that a worker looks at: to open one anew takes about as long as to look. */
const test = windowTest.extend<object, { statePage: Page }>({
  statePage: [
    async ({ sharedContext }, use) => {
      const page = await sharedContext.newPage();
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await use(page);
      await page.close();
    },
    { scope: 'worker' },
  ],
});

/** What stands in Chinese text as it is: names of things, units, and what people typed or servers said. */
const names =
  /livestream|livepkgr|\?adbe\S*liveevent|https?:\S+|rtmps?:\S+|\S*show\.flv|\.(?:flv|m3u8|mpd)\b|npx tallylight studio|Tallylight|WebCodecs|MediaRecorder|ffmpeg|Twitch \(main\)|live\.example\.(?:tv|com)|RTMP|LIVE|English|Invalid stream key|YouTube|Church server|Bilibili|Facebook page of the choir|A destination whose name somebody has made as long as a whole sentence about it|Kick|nginx at home|p\d\.example\.tv|Sunday|reset|Changed|Choir|fps|kbit|RTT|CPU|dBFS|Studio camera|Yeti microphone|Headset|OBS|Ctrl\+Enter|FLV|\{(?:date|time|destination|number)\}|Replay(?= 20)|“app”|Ctrl\+Shift\+S|\/(?:home|media)\/\S*|Larix|H\.264|HEVC|AAC|HLS|VPN|wlan0|docker0|\/phone|\?key=\S*|nginx\S*|SRS|MPEG-DASH|DASH|\bNAME\b|\bKEY\b|\bHTTP\b|\/var\/lib|\$PWD|\b(server|listen) (?=[\d{])|Wowza(?: Streaming Engine)?|Twitch|Facebook|TikTok|Vimeo|Cloudflare Stream|MediaMTX|Adobe Media Server/gi;

/** English words that a page shows or has read out. */
const englishIn = (page: Page): Promise<string[]> =>
  page.evaluate((known) => {
    const attributes = ['aria-label', 'placeholder', 'title', 'alt'];
    const spoken = [...document.querySelectorAll('*')].flatMap((element) =>
      attributes.map((name) => element.getAttribute(name) ?? ''),
    );
    const text = [document.title, document.body.innerText, ...spoken].join(' ');
    return text.replace(known, ' ').match(/[A-Za-z]{3,}/g) ?? [];
  }, names);

export interface Shown {
  readonly language: Language;
  readonly size: (typeof sizes)[number];
  readonly look: Look;
}

/**
 * Each size and each look in one language or the other; all of them in both are in ../state-pictures.ts. Chinese comes
 * first: what a program writes once, in the language of that moment, is in Chinese, too.
 */
export const shows: readonly [Shown, ...Shown[]] = [
  { language: 'zh-CN', size: sizes[1], look: looks.light },
  { language: 'en', size: sizes[0], look: looks.dark },
  { language: 'en', size: sizes[2], look: looks.forced },
];

/**
 * Opens states of the window as the first that `shownOf` gives for it, changes it to the others, and looks for what
 * shuts people out, and for English where there should be none.
 *
 * @param states their names
 * @param shownOf is given the number of the state among them
 */
export function everyState(
  title: string,
  states: readonly WindowStateName[],
  shownOf: (index: number) => readonly [Shown, ...Shown[]],
): void {
  for (const [index, name] of states.entries()) {
    const state = windowStates[name];
    const shown = shownOf(index);
    test(`${title}: ${name}`, async ({ statePage: page, harness }) => {
      await page.setViewportSize(shown[0].size);
      await openState(page, harness.url, state, windowMessages(shown[0].language));
      for (const { language, size, look } of shown) {
        await page.evaluate((detail) => {
          window.dispatchEvent(new CustomEvent('choose-language', { detail }));
        }, language);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await page.setViewportSize(size);
        await page.emulateMedia(look);
        await settled(page);
        expect(await violations(page, look), JSON.stringify({ language, size, look })).toEqual([]);
        if (language === 'zh-CN') expect(await englishIn(page)).toEqual([]);
      }
    });
  }
}
