// The contender bun: one route, with the defaults of Bun.serve.

const server = Bun.serve({
  port: Number(process.env.PORT),
  routes: {
    '/hello': {
      GET: () => Response.json({ name: 'bun', releaseYear: new Date().getFullYear() }),
    },
  },
});

console.log(`Bun server started on port ${server.port}`);

// Let the replies under way go out, then end.
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(0), 1000).unref();
  await server.stop();
  process.exit(0);
});
