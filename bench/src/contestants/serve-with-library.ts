import { LiveHub, liveHandlers, RtmpServer } from 'node-rtmp-client';

// node serve-with-library.js PORT: with everything that players need, the last group of pictures included.
const server = new RtmpServer(liveHandlers(new LiveHub()));
await server.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
