/* global document */

/** Loads a library that is no module, once; what it leaves behind it leaves in `globalThis`. */
export function loadScript(url) {
  loading[url] ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = resolve;
    script.onerror = () => {
      delete loading[url];
      script.remove();
      reject(new Error(`${url} could not be loaded`));
    };
    document.head.append(script);
  });
  return loading[url];
}

const loading = {};
