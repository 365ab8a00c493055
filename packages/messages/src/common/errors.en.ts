import type { ErrorCode } from '@tallylight/contract';
import type { ErrorSentences } from '../error-sentences.js';

/** What happened, and what to do about it. */
export const errors = {
  INVALID_URL: {
    message: 'The server URL "{{url}}" is not an RTMP address: {{reason}}.',
    remedy: 'Use the form rtmp://host/app or rtmps://host/app.',
  },
  EMPTY_KEY: {
    message: 'There is no stream key for "{{destination}}".',
    remedy: 'Most servers need one: copy it from the service’s dashboard.',
  },
  KEY_WITH_SPACE: {
    message: 'The stream key of "{{destination}}" has a space in it.',
    remedy: 'If something was copied along with it, enter it anew.',
  },
  KEY_NOT_ASCII: {
    message:
      'The stream key of "{{destination}}" has characters that stream keys usually do not have.',
    remedy: 'Full-width ones come from an input method: copy the key anew.',
  },
  KEY_IS_ADDRESS: {
    message: 'The stream key of "{{destination}}" has an address in it.',
    remedy: 'An address is the server URL; the stream key is only the code that goes with it.',
  },
  KEY_IN_URL: {
    message: 'The server URL of "{{destination}}" ends with what looks like a stream key.',
    remedy: 'If it is one, enter it as the stream key: what is in the URL is shown and exported.',
  },
  URL_READ_AS: {
    message: 'The URL is read as the application "{{app}}" of {{host}}, and the stream behind it.',
    remedy:
      'Where the server refuses that, the other usual readings are tried; --app and --key say it otherwise.',
  },
  URL_WITHOUT_APP: {
    message: 'The server URL {{url}} has no application, such as live in {{example}}.',
    remedy: 'Most servers want one: copy the whole address from the service’s dashboard.',
  },
  SERVICE_NEEDS_TLS: {
    message: '{{service}} takes encrypted connections only.',
    remedy: 'Let the server URL begin with rtmps://.',
  },
  SERVICE_VIDEO_BITRATE: {
    message: '{{service}} takes up to {{most, number}} kbit/s; yours is {{given, number}}.',
    remedy: 'Choose {{most, number}} kbit/s or less, or a part of the picture may be lost.',
  },
  SERVICE_VIDEO_BITRATE_ADVISED: {
    message:
      '{{service}} advises up to {{most, number}} kbit/s for this size; yours is {{given, number}}.',
    remedy: 'More costs upload, and viewers see no difference.',
  },
  SERVICE_AUDIO_BITRATE: {
    message:
      '{{service}} takes sound of up to {{most, number}} kbit/s; yours is {{given, number}}.',
    remedy: 'Choose {{most, number}} kbit/s or less.',
  },
  SERVICE_SIZE: {
    message: '{{service}} takes pictures of up to {{most}}; yours are {{given}}.',
    remedy: 'Choose a smaller size.',
  },
  SERVICE_FPS: {
    message:
      '{{service}} takes up to {{most, number}} frames per second; yours are {{given, number}}.',
    remedy: 'Choose {{most, number}} or fewer.',
  },
  SERVICE_KEYFRAMES: {
    message:
      '{{service}} wants a keyframe at least every {{most, number}} s; yours come every {{given, number}} s.',
    remedy: 'Choose a keyframe interval of {{most, number}} s or less.',
  },
  SERVICE_CODEC: {
    message: '{{service}} takes {{most, either}}; yours is {{given}}.',
    remedy: 'Have it encoded anew, or send it elsewhere.',
  },
  SERVICE_NEEDS_SOUND: {
    message: '{{service}} wants sound, and there is none.',
    remedy: 'Choose a microphone: a muted one will do.',
  },
  CERTIFICATE_ENDS: {
    message: 'The certificate of {{host}} ends in {{days, number}} days.',
    remedy: 'Whoever runs the server has to renew it; after that nothing can connect.',
  },
  CHECK_ON_AIR: {
    message: '“{{destination}}” is on air: a check would disturb it.',
    remedy: 'Check it before or after the broadcast.',
  },
  CHECK_RUNNING: {
    message: '“{{destination}}” is being checked already.',
    remedy: 'Wait for that check, or cancel it.',
  },
  INVALID_OPTION: {
    message: '{{reason}}',
    remedy: 'Change it, and try again.',
  },
  PROFILE_NOT_FOUND: {
    message: 'There is no profile named "{{profile}}".',
    remedy: 'Choose one of the saved profiles, or create it first.',
  },
  PROFILE_DELETED_ELSEWHERE: {
    message: 'Another window or a command deleted the profile "{{profile}}" with its stream key.',
    remedy: 'What was typed here would be a new profile: enter its stream key, and save it.',
  },
  PROFILE_READ_ONLY: {
    message:
      'The profile "{{profile}}" comes with Tallylight and can be neither changed nor removed.',
    remedy: 'To publish elsewhere, create a profile of your own.',
  },
  PROFILE_NAME_TAKEN: {
    message: 'Another profile is already named "{{profile}}".',
    remedy: 'Choose another name.',
  },
  PROFILE_NAMELESS: {
    message: 'The profile has no name.',
    remedy: 'Give it a name you will recognise.',
  },
  PROFILE_NAME_TOO_LONG: {
    message: 'The name has {{length}} characters; {{longest}} is the most.',
    remedy: 'Choose a shorter name.',
  },
  PROFILE_NAME_IS_URL: {
    message: 'The profile’s name is an address, which may end with its key, and names are shown.',
    remedy: 'Give the profile a name such as “Twitch”, and the address as its server URL.',
  },
  PROFILE_NAME_IS_KEY: {
    message: 'The profile’s name has what looks like a stream key in it, and names are shown.',
    remedy: 'Give the profile a name such as “Twitch”, and enter the key as its stream key.',
  },
  PROFILE_VALUE_TOO_LONG: {
    message: '{{field}} has {{length}} characters; {{longest}} is the most.',
    remedy: 'Check whether more was copied than was meant.',
  },
  PROFILE_WITHOUT_URL: {
    message: 'The profile has no server URL.',
    remedy: 'Copy it from the service’s dashboard; it starts with rtmp:// or rtmps://.',
  },
  PLAY_URL_INVALID: {
    message: 'The address for watching is none that can be played.',
    remedy: 'Use an address of RTMP, or one of HTTP that ends with .flv, .m3u8 or .mpd.',
  },
  KEY_UNREADABLE: {
    message: 'The saved stream key of "{{profile}}" cannot be decrypted here: {{reason}}.',
    remedy: 'Enter the key again and save the profile.',
  },
  HOST_NOT_FOUND: {
    message: 'No server named "{{host}}" was found.',
    remedy: 'Check the server URL for a typing error, and the network connection.',
  },
  CONNECTION_REFUSED: {
    message: '{{host}} refused the connection on port {{port}}.',
    remedy: 'Check the port in the server URL, and that the server is running.',
  },
  HOST_UNREACHABLE: {
    message: '{{host}} cannot be reached from this network.',
    remedy: 'Check the network connection, VPN and firewall.',
  },
  CONNECT_TIMEOUT: {
    message: '{{host}} did not answer on port {{port}} in time.',
    remedy: 'Check the server URL; a firewall may be blocking the port.',
  },
  SERVER_SILENT: {
    message: '{{host}} took the connection, then did not answer (step: {{phase}}).',
    remedy: 'Check the port; the server may be overloaded or may expect rtmps:// instead.',
  },
  NOT_RTMP: {
    message: 'What answered on {{host}}:{{port}} does not speak RTMP ({{reason}}).',
    remedy: 'Check the port in the server URL; RTMP is usually on 1935, RTMPS on 443.',
  },
  TLS_NOT_SPOKEN: {
    message: '{{host}}:{{port}} does not speak TLS.',
    remedy: 'Use rtmp:// instead of rtmps://, or the server’s TLS port.',
  },
  TLS_CERTIFICATE: {
    message: 'The certificate of {{host}} is not trusted: {{reason}}.',
    remedy: 'Check the host name and the clock; never send a key to a server you cannot verify.',
  },
  CONNECTION_LOST: {
    message: 'The connection to {{host}} was lost ({{reason}}).',
    remedy: 'Check the network connection, then try again.',
  },
  CLOSED_AT_PUBLISH: {
    message:
      '{{host}} closed the connection when the stream was announced: the stream key may be wrong, or the server was restarted.',
    remedy: 'Check the stream key, and that the server runs; then try again.',
  },
  APP_REJECTED: {
    message: '{{host}} refused the application "{{app}}": {{reason}}.',
    remedy: 'Check the path of the server URL.',
  },
  APP_MISSING: {
    message: '{{host}} refused an address without an application: {{reason}}.',
    remedy: 'Add the application to the server URL, such as {{example}}.',
  },
  STREAM_REFUSED: {
    message: '{{host}} refused the stream: {{reason}}.',
    remedy: 'Check the stream key, and that the stream is enabled.',
  },
  STREAM_BUSY: {
    message: '{{host}} says that this stream is already live.',
    remedy: 'Stop the other broadcast with the same key, or wait until the server lets it go.',
  },
  STREAM_HELD: {
    message: '{{host}} still holds your old session.',
    remedy:
      'It is tried again until the server lets go of it: within two minutes, mostly; an nginx-rtmp without drop_idle_publisher needs a quarter of an hour, or a restart.',
  },
  KEEPS_CLOSING: {
    message: 'Each connection to {{host}} ends within seconds.',
    remedy:
      'The line breaks, or the server sends you away: see whether the same key is live elsewhere. It is tried again, less often from time to time.',
  },
  CLOSED_AFTER_PUBLISH: {
    message: '{{host}} closed the connection right after the stream began.',
    remedy:
      'Check the stream key: it may be wrong, live elsewhere or not enabled. Or the server does not let you publish.',
  },
  AUTH_REQUIRED: {
    message: '{{host}} asks for a user name and a password.',
    remedy: 'Enter them in the profile, or give --user and --password-env.',
  },
  AUTH_FAILED: {
    message: '{{host}} does not take the user name and the password.',
    remedy: 'Check both; they are not those of the service’s web page everywhere.',
  },
  STREAM_NOT_FOUND: {
    message: '{{host}} has no stream of that name.',
    remedy: 'Check the URL, and that somebody is publishing to it.',
  },
  PLAY_REFUSED: {
    message: '{{host}} does not let this stream be played: {{reason}}.',
    remedy:
      'Check the address and its token; the server may let only some viewers in, or only from some places.',
  },
  NO_MEDIA_RECEIVED: {
    message: '{{host}} sent no picture and no sound in {{seconds}} s.',
    remedy: 'The stream may not be live: check its name, and that somebody is publishing to it.',
  },
  FFMPEG_MISSING: {
    message: 'No working ffmpeg was found ({{reason}}).',
    remedy: 'Install ffmpeg, or set TALLYLIGHT_FFMPEG to its path.',
  },
  FILE_UNREADABLE: {
    message: 'The file {{file}} cannot be read: {{reason}}.',
    remedy: 'Check the path and the permissions, and that it is a media file.',
  },
  NO_VIDEO: {
    message: '{{file}} has no video.',
    remedy: 'Choose a file that has a picture.',
  },
  CODEC_NOT_COPYABLE: {
    message: '{{file}} holds {{codec, list}}, which cannot be sent as it is.',
    remedy: 'Publish it without --copy, so that it is encoded as H.264 and AAC.',
  },
  FILE_NOT_COPYABLE: {
    message: '{{file}} cannot be sent as it is: {{reason}}.',
    remedy: 'Publish it without --copy, so that it is encoded as H.264 and AAC.',
  },
  FILE_FAILED: {
    message: 'Sending {{file}} stopped: {{reason}}.',
    remedy: 'Check whether a player plays it to its end, and convert it if not.',
  },
  FILE_DAMAGED: {
    message: '{{file}} is damaged or cut short: {{reason}}. What could be read of it was sent.',
    remedy: 'Get the file once more from where it comes; if that is not possible, convert it.',
  },
  FILE_LIST_EMPTY: {
    message: 'There is no file to play.',
    remedy: 'Add files to the list first.',
  },
  FILE_LIST_FULL: {
    message: 'A list holds {{maximum}} files at most.',
    remedy: 'Remove some of them first.',
  },
  FILE_IN_USE: {
    message: '{{file}} is on.',
    remedy: 'Go on with the next file, then remove it.',
  },
  FILE_NOT_TAKEN: {
    message: '{{file}} could not be copied to the engine: {{reason}}.',
    remedy: 'Add it again; if it is large, remove files that are not needed any more first.',
  },
  NOT_PLAYING: {
    message: 'No files are on.',
    remedy: 'Choose "Files" as the camera and go live first.',
  },
  CAMERA_IN_USE: {
    message: 'The camera {{device}} is in use by another program.',
    remedy: 'Close the other program (a browser tab, OBS, a meeting) and try again.',
  },
  CAMERA_NOT_FOUND: {
    message: 'The camera {{device}} was not found.',
    remedy: 'Plug it in, or choose another.',
  },
  CAMERA_DENIED: {
    message: 'Access to the camera or microphone was denied.',
    remedy: 'Allow it in the system’s privacy settings and in the browser’s site settings.',
  },
  CAMERA_MODE: {
    message: 'The camera {{device}} does not deliver {{mode}}.',
    remedy: 'Choose another resolution or frame rate.',
  },
  MICROPHONE_FAILED: {
    message: 'The microphone {{device}} cannot be opened: {{reason}}.',
    remedy: 'Close other programs that use it, or choose another.',
  },
  CAPTURE_STALLED: {
    message: 'No picture came from {{device}} for {{seconds}} s.',
    remedy: 'Unplug and replug the camera, or choose another.',
  },
  CAPTURE_FAILED: {
    message: 'Capture stopped: {{reason}}.',
    remedy: 'Check the device and try again.',
  },
  SOURCE_EMPTY: {
    message: '{{source}} ended before there was a single picture.',
    remedy: 'Check that it has a picture that can be decoded, or choose another source.',
  },
  CANNOT_CHANGE_BITRATE: {
    message: 'The bitrate of {{source}} cannot be changed while it is on air.',
    remedy: 'Stop, choose another bitrate, and go live again; or use the WebCodecs engine.',
  },
  ENCODER_FAILED: {
    message: 'The encoder {{encoder}} failed: {{reason}}.',
    remedy: 'Choose another engine, encoder or a lower resolution.',
  },
  RECORDING_FAILED: {
    message: 'Nothing can be recorded to {{file}}: {{reason}}.',
    remedy: 'Check the folder, the permissions and the free space.',
  },
  FILE_UNWRITABLE: {
    message: '{{file}} cannot be written: {{reason}}.',
    remedy: 'Check the permissions, the free space, and what reads it.',
  },
  FOLDER_NOT_SHOWN: {
    message: 'The folder of {{file}} cannot be shown: {{reason}}.',
    remedy: 'Copy the path, and open the folder yourself.',
  },
  PORT_IN_USE: {
    message: '{{address}} is already in use.',
    remedy: 'Stop the other program, or choose another port.',
  },
  SERVER_IN_USE: {
    message: 'Your own broadcast uses the built-in server.',
    remedy: 'Stop the broadcast first.',
  },
  SERVER_OFF: {
    message: 'The built-in server does not run.',
    remedy: 'Switch it on first.',
  },
  SERVER_KEY_MISSING: {
    message: 'The key without which the built-in server is open to nobody is not there.',
    remedy: 'Make a new key.',
  },
  SERVER_KEY_UNREADABLE: {
    message: 'The saved key of the built-in server cannot be decrypted here: {{reason}}.',
    remedy: 'Make a new key, and give it to those who publish or watch.',
  },
  SERVER_FOLDER_UNUSABLE: {
    message: 'Nothing can be recorded into {{folder}}: {{reason}}.',
    remedy: 'Choose a folder that is there and that your account may write to.',
  },
  SETTINGS_CORRUPT: {
    message: 'The file {{name}} was unreadable and has been set aside as {{file}}.',
    remedy: 'Tallylight goes on without what was in it, which can be entered again.',
  },
  SETTINGS_MENDED: {
    message:
      'The picture’s {{field}} was set to {{was}}, which cannot be encoded; {{now}} is used instead.',
    remedy: 'Choose another resolution if that is not what you want.',
  },
  DATA_FOLDER_UNUSABLE: {
    message: 'The folder {{folder}} cannot hold profiles and settings: {{reason}}.',
    remedy: 'Let your account write to it, or choose another folder.',
  },
  SETTINGS_UNREADABLE: {
    message: 'The file {{file}} cannot be read: {{reason}}.',
    remedy: 'Put that right, then start again; nothing in it was changed.',
  },
  SETTINGS_UNWRITABLE: {
    message: 'The file {{file}} cannot be saved: {{reason}}.',
    remedy: 'Put that right, then save again; what was saved before is still there.',
  },
  BROADCAST_ACTIVE: {
    message: 'A broadcast is already running.',
    remedy: 'Stop it before starting another.',
  },
  NOT_BROADCASTING: {
    message: 'No broadcast is running.',
    remedy: 'Go live first.',
  },
  NO_DESTINATION_TICKED: {
    message: 'No destination is ticked.',
    remedy: 'Tick one under “Destinations”, or make a new profile there.',
  },
  TOO_MANY_DESTINATIONS: {
    message: '{{count}} destinations are ticked; {{most}} at once is the most.',
    remedy: 'Untick those that are not needed.',
  },
  OUTPUT_NOT_FOUND: {
    message: 'The broadcast has no output "{{output}}".',
    remedy: 'It may have been removed or have ended; look at the list of outputs.',
  },
  OUTPUT_ACTIVE: {
    message: 'The broadcast already goes to "{{output}}".',
    remedy: 'Remove it first, or choose another.',
  },
  ENGINE_GONE: {
    message: 'The connection to Tallylight’s engine was lost.',
    remedy: 'Restart Tallylight.',
  },
  STUDIO_GONE: {
    message: 'The connection to Tallylight’s engine was lost.',
    remedy:
      'Run "npx tallylight studio" again and open the address that it shows; this page stays as it is.',
  },
  WINDOW_REFUSED: {
    message: 'Tallylight’s engine refused this window: its link has expired or was used before.',
    remedy: 'Open the link that "npx tallylight studio" printed, or run it again for a new one.',
  },
  WINDOW_GONE: {
    message: 'The window that was sending the picture was closed or reloaded.',
    remedy: 'Go live again, and leave that window open while on air.',
  },
  INTERNAL: {
    message: 'Something unexpected went wrong: {{reason}}.',
    remedy: 'Please report this with the log.',
  },
} as const satisfies Record<ErrorCode, ErrorSentences>;
