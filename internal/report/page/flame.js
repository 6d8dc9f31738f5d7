(function () {
  'use strict';
  document.querySelectorAll('.flame').forEach(function (flame) {
    var frames = Array.prototype.slice.call(flame.querySelectorAll('.f')).map(function (element) {
      return {
        element: element,
        left: parseFloat(element.style.left),
        width: parseFloat(element.style.width),
        row: parseInt(element.getAttribute('data-row'), 10)
      };
    });
    var tools = document.createElement('p');
    tools.className = 'flametools';
    var search = document.createElement('input');
    search.type = 'search';
    search.placeholder = 'search functions';
    search.setAttribute('aria-label', 'search functions');
    var found = document.createElement('span');
    found.setAttribute('role', 'status');
    var back = document.createElement('button');
    back.type = 'button';
    back.textContent = 'show all';
    back.hidden = true;
    tools.append(search, ' ', back, ' ', found);
    flame.before(tools);

    function zoom(to) {
      back.hidden = to.row === 0;
      frames.forEach(function (frame) {
        var above = frame.row < to.row && frame.left <= to.left + 1e-6 && frame.left + frame.width >= to.left + to.width - 1e-6;
        var below = frame.row >= to.row && frame.left >= to.left - 1e-6 && frame.left + frame.width <= to.left + to.width + 1e-3;
        frame.element.hidden = !above && !below;
        frame.element.classList.toggle('above', above);
        frame.element.style.left = above ? '0%' : 100 * (frame.left - to.left) / to.width + '%';
        frame.element.style.width = above ? '100%' : 100 * frame.width / to.width + '%';
      });
    }
    frames.forEach(function (frame) {
      frame.element.tabIndex = 0;
      frame.element.setAttribute('role', 'button');
      frame.element.addEventListener('click', function () { zoom(frame); });
      frame.element.addEventListener('keydown', function (event) {
        if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); zoom(frame); }
        if (event.key === 'Escape') { zoom(frames[0]); }
      });
    });
    back.addEventListener('click', function () { zoom(frames[0]); });
    search.addEventListener('input', function () {
      var text = search.value.trim().toLowerCase();
      var share = 0;
      var covered = [];
      frames.forEach(function (frame) {
        var hit = text !== '' && frame.row > 0 && frame.element.title.toLowerCase().indexOf(text) >= 0;
        frame.element.classList.toggle('hit', hit);
        var inside = covered.some(function (c) { return c.row < frame.row && frame.left >= c.left - 1e-6 && frame.left + frame.width <= c.left + c.width + 1e-3; });
        if (hit && !inside) { covered.push(frame); share += frame.width; }
      });
      flame.classList.toggle('searched', text !== '');
      found.textContent = text === '' ? '' : share.toFixed(1) + ' % of the time';
    });
  });
})();
