'use strict';

const express = require('express');

const app = express();

app.get('/hello', (req, res) => {
  res.json({ name: 'expressjs', releaseYear: new Date().getFullYear() });
});

const server = app.listen(Number(process.env.PORT), () => {
  console.log(`Express.js server started on port ${server.address().port}`);
});

// Let the replies under way go out, then end.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
