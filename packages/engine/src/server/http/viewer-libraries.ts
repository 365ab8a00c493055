import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The players that the viewer page loads, by the names under which it asks for them; each only when it is used. */
const libraries: Readonly<Record<string, (resolve: NodeJS.RequireResolve) => string>> = {
  'mpegts.js': (resolve) => resolve('mpegts.js/dist/mpegts.js'),
  'hls.js': (resolve) => resolve('hls.js/dist/hls.min.mjs'),
  // Its package names only the build that can also decrypt and speak Smooth Streaming; this one lies beside it.
  'dash.js': (resolve) => join(dirname(resolve('dashjs')), '../esm/dash.mediaplayer.min.js'),
};

export const viewerLibraryNames = Object.keys(libraries);

/**
 * Where a library's file is.
 *
 * @param from a file or file URL of this package, whose dependency it is
 */
export function viewerLibraryPath(name: string, from: string = import.meta.url): string {
  const find = libraries[name];
  if (find === undefined) throw new Error(`the viewer page has no library ${name}`);
  return find(createRequire(from).resolve);
}
