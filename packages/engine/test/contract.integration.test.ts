import { contractSuite } from './contract-suite.js';
import { openMessagePorts } from './message-port-transport.js';
import { openWebSockets } from './web-socket-transport.js';

// Electron's own port needs its binary; e2e/ runs the app over it wherever there is one.
contractSuite("MessagePorts with the face of Electron's", openMessagePorts);
contractSuite('loopback WebSockets', openWebSockets);
