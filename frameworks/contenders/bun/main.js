// The contender bun: the routes of all, with the defaults of Bun.serve.

const hello = () => Response.json({ name: 'bun', releaseYear: new Date().getFullYear() });
const badRequest = () => new Response('Bad Request', { status: 400 });

const server = Bun.serve({
  port: Number(process.env.PORT),
  routes: {
    '/hello': {
      GET: hello,
    },
    '/json': {
      GET: (req) => {
        const n = number(req, 'n', 50, 10_000);
        if (n === undefined) {
          return badRequest();
        }
        return Response.json(
          Array.from({ length: n }, (_, i) => ({ id: i + 1, name: `item ${i + 1}`, inStock: (i + 1) % 2 === 0 })),
        );
      },
    },
    '/echo': {
      POST: async (req) => {
        const kind = req.headers.get('Content-Type');
        return new Response(await req.arrayBuffer(), { headers: kind === null ? {} : { 'Content-Type': kind } });
      },
    },
    '/wait': {
      GET: async (req) => {
        const ms = number(req, 'ms', 20, 10_000);
        if (ms === undefined) {
          return badRequest();
        }
        await Bun.sleep(ms);
        return hello();
      },
    },
    '/work': {
      GET: (req) => {
        const rounds = number(req, 'rounds', 1_000_000, 1_000_000_000);
        return rounds === undefined ? badRequest() : Response.json({ hash: fnv(rounds) });
      },
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

// number is a whole one from 0 to the greatest in the query, or undefined if it is none.
function number(req, name, otherwise, greatest) {
  const text = new URL(req.url).searchParams.get(name);
  if (text === null) {
    return otherwise;
  }
  return /^\d{1,10}$/.test(text) && Number(text) <= greatest ? Number(text) : undefined;
}

// fnv chains one multiplication after the other, so that its time is the processor's
// and not the compiler's: FNV-1a over 0, 1, 2 and so on.
function fnv(rounds) {
  let hash = 2166136261 | 0;
  for (let i = 0; i < rounds; i++) {
    hash = Math.imul(hash ^ i, 16777619);
  }
  return hash >>> 0;
}
