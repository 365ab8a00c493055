// The programs of the player page. They stand in single quotes of nginx, in which a dollar sign would begin a variable.

/** Finds what the address asks for. */
export const pageScript = String.raw`const name = new URLSearchParams(location.search).get("stream") || "";
const path = encodeURIComponent(name);
const find = (what) => document.querySelector(what);
const video = find("video");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const get = async (url) => {
  const answer = await fetch(url, { cache: "no-cache" });
  if (!answer.ok) throw new Error(url);
  return answer;
};
const show = (id) => {
  for (const each of ["waiting", "none"]) find("#" + each).hidden = each !== id;
};
const list = (address) => {
  find("ul").appendChild(document.createElement("li")).textContent = address;
};
video.onplaying = () => show("");
list("rtmp://" + location.hostname + ":" + rtmpPort + "/" + app + "/" + name);
`;

/** HLS, where the browser plays it by itself. */
export const hlsScript = String.raw`const hls = "/hls/" + path + ".m3u8";
list(location.origin + hls);
if (video.canPlayType("application/vnd.apple.mpegurl")) ways.push(async () => {
  await get(hls);
  video.src = hls;
  await new Promise((done) => { video.onended = video.onerror = done; });
});
`;

/**
 * DASH. The list of nginx's module has a template with the time of a segment, and a line with the time of each. It is done
 * when nothing new came for a while, or when the times begin again, as they do with the next broadcast.
 */
export const dashScript = String.raw`const dash = "/dash/" + path + ".mpd";
list(location.origin + dash);
if (window.MediaSource) ways.push(async () => {
  await get(dash);
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await new Promise((done) => { source.onsourceopen = done; });
  const append = async ({ buffer }, file) => {
    const bytes = await (await get("/dash/" + file)).arrayBuffer();
    await new Promise((done, fail) => {
      buffer.onupdateend = done;
      buffer.onerror = fail;
      buffer.appendBuffer(bytes);
    });
  };
  let tracks;
  for (let idle = 0; idle < 15 && !video.error; idle += 1) {
    const text = await (await get(dash)).text();
    const found = [...new DOMParser().parseFromString(text, "text/xml").querySelectorAll("Representation")];
    const template = (track, what) => track.querySelector("SegmentTemplate").getAttribute(what);
    if (!tracks) {
      tracks = found.map((track) => {
        const codecs = ";codecs=\"" + track.getAttribute("codecs") + "\"";
        return { last: -1, buffer: source.addSourceBuffer(track.getAttribute("mimeType") + codecs) };
      });
      for (const [i, track] of found.entries()) await append(tracks[i], template(track, "initialization"));
    }
    for (const [i, each] of found.entries()) {
      const track = tracks[i];
      const times = [...each.querySelectorAll("S")].map((one) => Number(one.getAttribute("t")));
      if (Math.max(...times) < track.last) return;
      for (const time of track.last < 0 ? times.slice(-3) : times) {
        if (time <= track.last) continue;
        await append(track, template(each, "media").replace("\x24Time\x24", time));
        track.last = time;
        idle = 0;
      }
    }
    const { buffered } = video;
    const start = buffered.length ? buffered.start(buffered.length - 1) : 0;
    if (video.currentTime < start) video.currentTime = start;
    await wait(1000);
  }
});
`;

/** Plays in the first way that there is, again and again. */
export const runScript = String.raw`const run = async () => {
  const [play] = ways;
  if (!play) return show("none");
  for (;;) {
    await play().catch(() => undefined);
    show("waiting");
    await wait(2000);
  }
};
if (name) {
  find("input").value = name;
  find("main").hidden = false;
  run();
}
`;
