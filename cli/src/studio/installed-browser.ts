import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Chrome, Chromium or Edge may be, the likeliest first. `TALLYLIGHT_BROWSER` names another. */
export function browserCandidates(platform: NodeJS.Platform, environment: Environment): string[] {
  const chosen = environment['TALLYLIGHT_BROWSER'];
  if (chosen) return [chosen];
  const under = (folders: readonly (string | undefined)[], names: readonly string[]): string[] =>
    names.flatMap((name) => folders.flatMap((folder) => (folder ? [join(folder, name)] : [])));
  switch (platform) {
    case 'win32':
      return under(
        ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((name) => environment[name]),
        windowsPrograms,
      );
    case 'darwin': {
      const home = environment['HOME'];
      return under(['/Applications', home && join(home, 'Applications')], macApplications);
    }
    default:
      return under((environment['PATH'] ?? '').split(delimiter), linuxNames);
  }
}

/** The first candidate that is there and may be run. */
export function findInstalledBrowser(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): string | undefined {
  return browserCandidates(platform, environment).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why no browser window can be opened here; `undefined` when it can be tried. */
export function whyNoWindow(
  platform: NodeJS.Platform,
  environment: Environment,
  userId: number | undefined,
): 'noDisplay' | 'root' | undefined {
  const linux = platform !== 'win32' && platform !== 'darwin';
  if (linux && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    return 'noDisplay';
  }
  // Whoever names a browser may have named a wrapper that knows how.
  if (linux && userId === 0 && !environment['TALLYLIGHT_BROWSER']) {
    return 'root';
  }
  return undefined;
}
