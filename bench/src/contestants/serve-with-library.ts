import { RtmpServer } from 'node-rtmp-client';

// node serve-with-library.js PORT
const server = new RtmpServer({
  onPublish: async (publication) => {
    publication.accept();
    for await (const item of publication.items) if (item.type === 'metadata') continue;
  },
});
await server.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
