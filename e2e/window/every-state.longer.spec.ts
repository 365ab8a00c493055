import { everyState, shows } from './every-state.js';
import { stateNames } from './window-states.js';

everyState('nothing shuts anybody out, in either language', stateNames, () => shows);
