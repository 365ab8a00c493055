import { existsSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';

const debian = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a Chromium whose codecs are known: Debian's, or that which `CHROMIUM` names. */
export const hasChromium = existsSync(debian);

/**
 * What of the browser no test looks at. The popups of the address bar are pages of their own, as costly with each new page
 * as the window that is tested; so is the renderer that is kept ready for the next site. The rest is Playwright's own
 * list, which it takes the place of.
 */
const disabledFeatures = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
  ...['AimEnabled', 'AimServerEligibilityEnabled', 'SpareRendererForSitePerProcess'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync'],
  ...['DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades'],
  ...['LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints'],
  ...['PaintHolding', 'PreconnectToSearch', 'ThirdPartyStoragePartitioning'],
];

/** Starts it; where it is not there, the browser that Playwright itself installed. */
export const launchChromium = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    ...(hasChromium && { executablePath: debian }),
    args: [
      // Chromium's sandbox does not work as root, and inside most containers.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${disabledFeatures.join(',')}`,
      ...args,
    ],
  });
