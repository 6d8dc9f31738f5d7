'use strict';

const express = require('express');

const app = express();

const hello = () => ({ name: 'expressjs', releaseYear: new Date().getFullYear() });

app.get('/hello', (req, res) => {
  res.json(hello());
});

app.get('/json', (req, res) => {
  const n = number(req.query.n, 50, 10_000);
  if (n === undefined) {
    res.sendStatus(400);
    return;
  }
  res.json(Array.from({ length: n }, (_, i) => ({ id: i + 1, name: `item ${i + 1}`, inStock: (i + 1) % 2 === 0 })));
});

app.post('/echo', express.raw({ type: () => true, limit: '1mb' }), (req, res) => {
  const kind = req.headers['content-type'];
  if (kind !== undefined) {
    res.setHeader('Content-Type', kind); // as it came: res.set would add a charset
  }
  if (Buffer.isBuffer(req.body)) {
    res.send(req.body);
  } else { // there was none
    res.end();
  }
});

app.get('/wait', (req, res) => {
  const ms = number(req.query.ms, 20, 10_000);
  if (ms === undefined) {
    res.sendStatus(400);
    return;
  }
  setTimeout(() => res.json(hello()), ms);
});

app.get('/work', (req, res) => {
  const rounds = number(req.query.rounds, 1_000_000, 1_000_000_000);
  if (rounds === undefined) {
    res.sendStatus(400);
    return;
  }
  res.json({ hash: fnv(rounds) });
});

// number is a whole one from 0 to the greatest in a query, or undefined if it is none.
function number(text, otherwise, greatest) {
  if (text === undefined) {
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

const server = app.listen(Number(process.env.PORT), () => {
  console.log(`Express.js server started on port ${server.address().port}`);
});

// Let the replies under way go out, then end.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
