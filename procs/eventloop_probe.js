'use strict';
// benchtui loads this into a Node server, before the server's own code, and reads
// what it writes to a pipe: how busy the event loop is, and how late it comes to
// what is due. It must change nothing in the server but a little CPU: it never
// throws, never waits, and keeps nothing alive.
(() => {
  const every = 250; // ms between two reports
  const resolution = 10; // ms; a delay is seen once it is longer
  let timer;
  let delay;
  let close = () => {};
  const stop = () => {
    clearInterval(timer);
    delay?.disable();
    close(); // so that it does not look as if the loop were blocked
  };
  try {
    if (!require('worker_threads').isMainThread) return; // a worker has a loop of its own, but no part of the pipe
    const { env } = process;
    const fd = Number(env.BENCHTUI_EVENT_LOOP_FD);
    // What the server starts, it starts as if we were not there.
    if (env.BENCHTUI_NODE_OPTIONS === undefined) delete env.NODE_OPTIONS;
    else env.NODE_OPTIONS = env.BENCHTUI_NODE_OPTIONS;
    delete env.BENCHTUI_NODE_OPTIONS;
    delete env.BENCHTUI_EVENT_LOOP_FD;

    // The server may replace any of these; ours are the ones from before.
    const { closeSync, fstatSync, writeSync } = require('fs');
    const { monitorEventLoopDelay, performance } = require('perf_hooks');
    const cluster = require('cluster');
    const utilization = performance.eventLoopUtilization.bind(performance);
    const clock = performance.now.bind(performance);

    const pipe = fstatSync(fd);
    if (!pipe.isFIFO()) return;
    // A server that closed the pipe may have got a file of its own by this number.
    const ours = () => {
      const now = fstatSync(fd);
      return now.isFIFO() && now.ino === pipe.ino;
    };
    close = () => {
      close = () => {};
      try { if (ours()) closeSync(fd); } catch { /* it is closed */ }
    };
    const write = (line) => {
      try {
        if (!ours()) return stop();
        writeSync(fd, `${line}\n`);
      } catch (error) {
        if (error.code !== 'EAGAIN') stop(); // a full pipe loses this line, a closed one ends us
      }
    };

    // A process that does not listen is not the server but starts it, as npm does.
    let listens = false;
    const listensNow = () => typeof process.getActiveResourcesInfo !== 'function'
      || process.getActiveResourcesInfo().includes('TCPServerWrap');

    delay = monitorEventLoopDelay({ resolution });
    let before = utilization();
    let last = clock();
    const report = () => {
      const now = clock();
      const since = before;
      before = utilization();
      const over = now - last;
      last = now;
      const workers = Object.keys(cluster.workers ?? {}).length;
      if (workers > 0) { // they answer, and their loops are their own
        write(`cluster ${process.pid} ${workers}`);
        return stop();
      }
      // A reset forgets the delay that is under way, and with it every delay of a loop
      // that turns less often than we report. So our own timer's is one more of them.
      const late = Math.max(0, over - every);
      const any = !Number.isNaN(delay.mean);
      const above = (ns) => Math.max(0, ns / 1e6 - resolution);
      const p50 = any ? above(delay.percentile(50)) : late;
      // Of so few values, the 99th percentile is the highest.
      const p99 = Math.max(any ? above(delay.percentile(99)) : 0, late);
      const max = Math.max(any ? above(delay.max) : 0, late);
      delay.reset();
      listens = listens || listensNow();
      if (!listens) return undefined;
      return write(`loop ${process.pid} ${over.toFixed(1)} ${utilization(before, since).utilization.toFixed(4)} `
        + `${p50.toFixed(2)} ${p99.toFixed(2)} ${max.toFixed(2)}`);
    };
    write(`hello ${process.pid} ${process.version}`);
    delay.enable();
    timer = setInterval(() => { try { report(); } catch { stop(); } }, every);
    timer.unref();
  } catch { // better no figures than no server
    stop();
  }
})();
