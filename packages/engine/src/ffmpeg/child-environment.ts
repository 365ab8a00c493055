/** What ffmpeg, its drivers and sound servers read. */
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|SYSTEMDRIVE|PATHEXT|COMSPEC|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|NUMBER_OF_PROCESSORS|PROCESSOR_\w+|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|LD_LIBRARY_PATH|DYLD_\w+|ALSA_\w+|PULSE_\w+|PIPEWIRE_\w+|LIBVA_\w+|VDPAU_\w+|CUDA_\w+|FONTCONFIG_\w+)$/i;

/**
 * The environment of a child process. Anything else stays here: `--key-env` puts a stream key in our environment, and
 * a child's is readable for as long as it lives.
 */
export function childEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const environment: Record<string, string> = { AV_LOG_FORCE_NOCOLOR: '1' };
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && passedOn.test(name)) environment[name] = value;
  }
  return environment;
}
