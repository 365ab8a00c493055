import { everyState, shows } from './every-state.js';

everyState('nothing shuts anybody out, in either language', () => shows);
