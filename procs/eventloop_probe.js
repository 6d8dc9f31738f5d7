'use strict';
// benchtui loads this into a Node server, before the server's own code, and reads
// what it writes to a pipe: how busy the event loop is, how late it comes to what is
// due, which pauses the garbage collector made, and what the heap holds. When it is
// asked to, it takes a profile. It must change nothing in the server but a little CPU:
// it never throws, never waits, and keeps nothing alive.
(() => {
  const every = 250; // ms between two reports
  const resolution = 10; // ms; a delay is seen once it is longer
  const named = 'workers'; // the pipe by its name
  const workerPatience = 2000; // ms in which a worker thread may end its profile
  const mostPauses = 100; // told one by one in a report; so its line goes into the pipe whole
  let timer;
  let delay;
  let collections;
  let close = () => {};
  const stop = () => {
    clearInterval(timer);
    delay?.disable();
    collections?.disconnect();
    close(); // so that it does not look as if the loop were blocked
  };
  try {
    if (!require('worker_threads').isMainThread) return; // a worker has a loop of its own, but no part of the pipe
    const { env } = process;
    const number = env.BENCHTUI_EVENT_LOOP_FD; // or that the pipe has a name: what started us left no other open
    const primary = env.BENCHTUI_EVENT_LOOP_PRIMARY; // in a worker of a cluster: who forked it
    // What the server starts, it starts as if we were not there.
    if (env.BENCHTUI_NODE_OPTIONS === undefined) delete env.NODE_OPTIONS;
    else env.NODE_OPTIONS = env.BENCHTUI_NODE_OPTIONS;
    delete env.BENCHTUI_NODE_OPTIONS;
    delete env.BENCHTUI_EVENT_LOOP_FD;
    delete env.BENCHTUI_EVENT_LOOP_PRIMARY;

    // The server may replace any of these; ours are the ones from before.
    const { closeSync, constants, fstatSync, openSync, readFileSync, rename, renameSync, statSync, writeFile, writeFileSync, writeSync } = require('fs');
    const { monitorEventLoopDelay, performance, PerformanceObserver } = require('perf_hooks');
    const { getHeapStatistics } = require('v8');
    const { basename, join } = require('path');
    const cluster = require('cluster');
    const utilization = performance.eventLoopUtilization.bind(performance);
    const clock = performance.now.bind(performance);
    const later = setTimeout;

    // Those that only start what they are told to pass us on: the server is below them.
    const starters = /[\\/](npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack|nodemon|tsx|ts-node-dev|cross-env|env-cmd|dotenv|concurrently)(-cli|-shell)?(\.[cm]?js)?$|[\\/]node_modules[\\/](npm|nodemon|tsx|ts-node-dev|cross-env|env-cmd|dotenv-cli|concurrently)[\\/]/;
    const option = `--require="${__filename.replace(/[\\"]/g, '\\$&')}"`;
    if (primary === undefined && starters.test(process.argv[1] ?? '')) {
      if (env.NODE_OPTIONS !== undefined) env.BENCHTUI_NODE_OPTIONS = env.NODE_OPTIONS;
      env.NODE_OPTIONS = env.NODE_OPTIONS === undefined ? option : `${option} ${env.NODE_OPTIONS}`;
      env.BENCHTUI_EVENT_LOOP_FD = named;
    }

    const fd = primary === undefined && number !== named ? Number(number)
      : openSync(join(__dirname, 'workers'), constants.O_WRONLY | constants.O_NONBLOCK);
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

    // Workers of a cluster are the server as much as who forks them: they load us too.
    if (typeof cluster.fork === 'function') {
      const plain = cluster.fork;
      cluster.fork = function fork(added) {
        const old = added?.NODE_OPTIONS ?? env.NODE_OPTIONS;
        const with_ = { ...added, NODE_OPTIONS: old === undefined ? option : `${option} ${old}`, BENCHTUI_EVENT_LOOP_PRIMARY: process.pid };
        if (old !== undefined) with_.BENCHTUI_NODE_OPTIONS = old;
        return plain.call(this, with_);
      };
      require('module').syncBuiltinESMExports(); // for those who import it by its name
    }

    // A process that does not listen is not the server but starts it, as npm does. A
    // worker's sockets may be its primary's.
    let listens = primary !== undefined;
    const listensNow = () => typeof process.getActiveResourcesInfo !== 'function'
      || process.getActiveResourcesInfo().includes('TCPServerWrap');

    let pauses = { count: 0, total: 0, each: [] };
    try {
      collections = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          pauses.count += 1;
          pauses.total += entry.duration;
          if (pauses.each.length < 10 * mostPauses) pauses.each.push(entry);
        }
      });
      collections.observe({ entryTypes: ['gc'] });
    } catch { // one that embeds Node may lack it
      collections = undefined;
    }
    // heap tells what the heap holds of what it may, and the pauses since the last time:
    // kind, how long ago it began, and how long it took.
    const heap = () => {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      let line = `heap ${process.pid} ${used} ${limit}`;
      if (collections !== undefined) {
        const { count, total, each } = pauses;
        pauses = { count: 0, total: 0, each: [] };
        if (each.length > mostPauses) each.sort((a, b) => b.duration - a.duration).length = mostPauses;
        const now = clock();
        line += ` ${count} ${total.toFixed(3)}`;
        for (const entry of each) line += ` ${entry.detail?.kind ?? entry.kind}:${(now - entry.startTime).toFixed(2)}:${entry.duration.toFixed(3)}`;
      }
      write(line);
    };

    // V8 takes what is built into it for whoever calls it. While a profile is taken, JSON
    // stands in functions of ours, so that it has a name of its own.
    const plainJSON = { parse: JSON.parse, stringify: JSON.stringify };
    const namedJSON = {
      parse: { 'JSON.parse'(...given) { return Reflect.apply(plainJSON.parse, this, given); } }['JSON.parse'],
      stringify: { 'JSON.stringify'(...given) { return Reflect.apply(plainJSON.stringify, this, given); } }['JSON.stringify'],
    };
    const swapJSON = (from, to) => {
      for (const name of Object.keys(from)) if (JSON[name] === from[name]) JSON[name] = to[name];
    };

    // Worker threads have a V8 each, which is asked through ours: it hears of it whatever
    // the thread computes, and nothing waits in the thread for the day that it is asked.
    const sampling = (post, interval) => {
      post('Profiler.enable');
      post('Profiler.setSamplingInterval', { interval });
      post('Profiler.start');
      // In code that was optimized before, V8 takes a function that it has put into its
      // caller for the caller. Coverage throws all such code away; from here on it is
      // made anew, and with what the profiler needs.
      post('Profiler.startPreciseCoverage', {});
      post('Profiler.stopPreciseCoverage');
    };
    // What is run in them gives JSON a name, or takes it back, and tells the thread's number.
    const inWorker = (swap) => `(() => {
      const at = Symbol.for('benchtui json'), plain = globalThis[at] ?? { parse: JSON.parse, stringify: JSON.stringify };
      ${swap ? `globalThis[at] = plain;
      JSON.parse = { 'JSON.parse'(...given) { return Reflect.apply(plain.parse, this, given); } }['JSON.parse'];
      JSON.stringify = { 'JSON.stringify'(...given) { return Reflect.apply(plain.stringify, this, given); } }['JSON.stringify'];`
    : 'delete globalThis[at]; Object.assign(JSON, plain);'}
      return Number(process.getBuiltinModule?.('fs').readlinkSync('/proc/thread-self').split('/').pop());
    })()
    //# sourceURL=${__filename}`;
    const watchWorkers = (session, interval) => {
      const workers = new Map(); // by the name of their session
      let asked = 0;
      const ask = (worker, method, params, then = () => {}) => {
        asked += 1;
        worker.waits.set(asked, then);
        session.post('NodeWorker.sendMessageToWorker', { sessionId: worker.session, message: plainJSON.stringify({ id: asked, method, params }) }, () => {});
      };
      const hear = (what, then) => session.on(`NodeWorker.${what}`, ({ params }) => { try { then(params); } catch { /* without it, then */ } });
      hear('attachedToWorker', ({ sessionId, workerInfo }) => {
        const worker = { session: sessionId, name: workerInfo.title, url: workerInfo.url, tid: 0, waits: new Map() };
        workers.set(sessionId, worker);
        sampling((method, params) => ask(worker, method, params), interval);
        ask(worker, 'Runtime.evaluate', { expression: inWorker(true), returnByValue: true }, (reply) => {
          worker.tid = Number(reply.result?.result?.value) || 0;
        });
      });
      hear('detachedFromWorker', ({ sessionId }) => workers.delete(sessionId));
      hear('receivedMessageFromWorker', ({ sessionId, message }) => {
        const reply = plainJSON.parse(message);
        const waits = workers.get(sessionId)?.waits;
        const then = waits?.get(reply.id);
        waits?.delete(reply.id);
        then?.(reply);
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, () => {});
      // stop has them end theirs, and gives what those have that end it soon.
      return (then) => {
        const all = [...workers.values()];
        const told = [];
        let open = all.length;
        let over = false;
        const finish = () => {
          if (over) return;
          over = true;
          then(told);
        };
        if (open === 0) return finish();
        for (const worker of all) {
          ask(worker, 'Runtime.evaluate', { expression: inWorker(false) });
          ask(worker, 'Profiler.stop', {}, (reply) => {
            if (reply.result?.profile) told.push({ tid: worker.tid, name: `${worker.name}, ${basename(worker.url)}`, profile: reply.result.profile });
            open -= 1;
            if (open === 0) finish();
          });
        }
        later(finish, workerPatience).unref();
        return undefined;
      };
    };

    // profile takes one and leaves it in our folder: it is longer than a pipe is.
    const profile = (id, length, interval) => {
      const file = join(__dirname, `profile-${id}-${process.pid}.json`);
      const refuse = (why) => write(`refused ${process.pid} ${id} ${String(why).split('\n', 1)[0].slice(0, 300)}`);
      let session;
      let stopWorkers = (then) => then([]);
      let finish; // while worker threads are waited for: saves what there is
      const end = (save, ofWorkers) => {
        if (session === undefined) return;
        const ending = session;
        session = undefined;
        swapJSON(namedJSON, plainJSON);
        ending.post('Profiler.stop', (error, result) => {
          finish = (workers, how) => {
            finish = undefined;
            process.removeListener('exit', atExit);
            try {
              ending.disconnect();
              if (error) refuse(error.message);
              else how(plainJSON.stringify({ ...result.profile, workers }));
            } catch (why) {
              refuse(why.message);
            }
          };
          ofWorkers((workers) => finish?.(workers, save));
        });
      };
      const now = (text) => { writeFileSync(`${file}.part`, text); renameSync(`${file}.part`, file); };
      const atExit = () => { // what there is by then is better than nothing
        try {
          if (finish) finish([], now);
          else end(now, (then) => then([]));
        } catch { /* no profile, then */ }
      };
      const kept = (error) => {
        if (error) refuse(error.message);
        else write(`profiled ${process.pid} ${id}`);
      };
      // From here on it is waited for: to begin, V8 goes through all that the heap holds, three
      // times, which of some 100 MB takes 0.3 s of CPU.
      write(`profiling ${process.pid} ${id}`);
      try {
        const inspector = require('inspector');
        session = new inspector.Session();
        session.connect();
        let failed;
        const post = (...what) => session.post(...what, (error) => { failed ??= error?.message; });
        sampling(post, interval);
        if (failed !== undefined) throw new Error(failed);
        try { stopWorkers = watchWorkers(session, interval); } catch { /* of the loop alone, then */ }
        process.on('exit', atExit);
        swapJSON(plainJSON, namedJSON);
        later(() => {
          try {
            end((text) => writeFile(`${file}.part`, text, (error) => {
              if (error) kept(error);
              else rename(`${file}.part`, file, kept);
            }), stopWorkers);
          } catch (error) {
            refuse(error.message);
          }
        }, length).unref();
      } catch (error) {
        swapJSON(namedJSON, plainJSON);
        try { session?.disconnect(); } catch { /* it was not connected */ }
        session = undefined;
        refuse(error.code ?? error.message);
      }
    };
    let obeyed = 0;
    const obey = () => {
      const command = join(__dirname, 'command');
      if (statSync(command, { throwIfNoEntry: false }) === undefined) return;
      const [id, length, interval] = readFileSync(command, 'utf8').split(' ').map(Number);
      if (!(id > obeyed)) return;
      obeyed = id;
      profile(id, length, interval);
    };

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
      write(`loop ${process.pid} ${over.toFixed(1)} ${utilization(before, since).utilization.toFixed(4)} `
        + `${p50.toFixed(2)} ${p99.toFixed(2)} ${max.toFixed(2)}`);
      heap();
      return obey();
    };
    write(primary === undefined ? `hello ${process.pid} ${process.version}` : `worker ${process.pid} ${primary}`);
    delay.enable();
    timer = setInterval(() => { try { report(); } catch { stop(); } }, every);
    timer.unref();
  } catch { // better no figures than no server
    stop();
  }
})();
