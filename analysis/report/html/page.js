"use strict";
// What the page offers on top of what it says without a script: sorted tables, strategies switched off in
// the charts, and values under the pointer or the arrow keys.
(function () {
  var page = JSON.parse(document.getElementById("data").textContent), words = page.words;
  function make(tag, text, attributes) {
    var e = document.createElement(tag);
    if (text) e.textContent = text;
    for (var k in attributes || {}) e.setAttribute(k, attributes[k]);
    return e;
  }

  // Tables: a button in every column head; numbers by their unrounded value, empty cells last.
  function key(cell) {
    var v = cell.getAttribute("data-value");
    if (v === null) return cell.textContent.trim();
    return v === "" ? null : isNaN(Number(v)) ? v : Number(v);
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b));
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    table.querySelectorAll("thead th").forEach(function (head, column) {
      var label = head.querySelector(".label");
      var button = make("button", "↕", {type: "button", "class": "sort", "aria-label": words.sort + ": " + (label || head).textContent.trim()});
      (label || head).appendChild(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending";
        table.querySelectorAll("thead th").forEach(function (h) {
          h.removeAttribute("aria-sort");
          h.querySelector(".sort").textContent = "↕";
        });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        button.textContent = up ? "↑" : "↓";
        var body = table.tBodies[0], rows = Array.from(body.rows);
        rows.map(function (row, i) { return {row: row, i: i, key: key(row.cells[column])}; }).sort(function (a, b) {
          if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.i - b.i;
          return (up ? 1 : -1) * compare(a.key, b.key) || a.i - b.i;
        }).forEach(function (x) { body.appendChild(x.row); });
      });
    });
  });

  // Strategies on and off in all charts. A series of a reported rate is named "NAME (reported)".
  var off = {};
  function base(series) { // of names that begin alike, as "visits" and "visits (late)", the longest that fits
    return page.strategies.reduce(function (best, s) {
      return (series === s || series.indexOf(s + " (") === 0) && s.length > best.length ? s : best;
    }, "") || series;
  }
  function paint() {
    document.querySelectorAll("[data-series]").forEach(function (g) {
      g.classList.toggle("off", !!off[base(g.getAttribute("data-series"))]);
    });
  }
  if (page.strategies.length > 1) {
    var box = make("fieldset");
    box.appendChild(make("legend", words.show));
    page.strategies.forEach(function (name) {
      var label = make("label"), check = make("input", "", {type: "checkbox", value: name});
      check.checked = true;
      check.addEventListener("change", function () { off[name] = !check.checked; paint(); });
      label.appendChild(check);
      label.appendChild(document.createTextNode(" " + name));
      box.appendChild(label);
    });
    document.getElementById("switches").appendChild(box);
  }

  // Values: the nearest point of every line at the pointer, or where the arrow keys have led.
  var tip = document.getElementById("tip"), NS = "http" + "://www.w3.org/2000/svg";
  function number(x, panel) {
    if (x === null || x === undefined) return "–";
    var v = panel.percent ? 100 * x : x;
    return Number(v.toPrecision(4)).toString() + (panel.percent ? "%" : "");
  }
  function nearest(xs, x) {
    var best = 0;
    xs.forEach(function (v, i) { if (Math.abs(v - x) < Math.abs(xs[best] - x)) best = i; });
    return best;
  }
  function show(svg, panel, place, x, at) {
    tip.textContent = "";
    tip.appendChild(make("b", (panel.day ? words.day + " " : "") + Number(x.toPrecision(6))));
    var table = make("table");
    panel.lines.forEach(function (l) {
      if (off[l.name] || !l.x.length) return;
      var i = nearest(l.x, x), row = make("tr");
      var range = l.low && l.low[i] !== null ? " (" + number(l.low[i], panel) + words.to + number(l.high[i], panel) + ")" : "";
      row.appendChild(make("th", l.name));
      row.appendChild(make("td", number(l.y[i], panel) + range));
      table.appendChild(row);
    });
    tip.appendChild(table);
    tip.hidden = false;
    var left = Math.min(at.x + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
    tip.style.left = Math.max(4, left) + window.scrollX + "px";
    tip.style.top = at.y + 14 + window.scrollY + "px";
    var line = svg.querySelector(".cursor");
    if (!line) {
      line = document.createElementNS(NS, "line");
      line.setAttribute("class", "cursor");
      line.setAttribute("stroke", "#555");
      svg.appendChild(line);
    }
    var px = place.left + (x - place.xmin) / (place.xmax - place.xmin) * (place.right - place.left);
    line.setAttribute("x1", px); line.setAttribute("x2", px);
    line.setAttribute("y1", place.top); line.setAttribute("y2", place.bottom);
  }
  function hide(svg) {
    tip.hidden = true;
    var line = svg.querySelector(".cursor");
    if (line) line.remove();
  }
  Object.keys(page.charts).forEach(function (id) {
    var svg = document.getElementById(id + "-svg"), chart = page.charts[id], height = svg.viewBox.baseVal.height;
    var places = Array.from(svg.querySelectorAll("[data-panel]")).map(function (g) {
      var v = g.getAttribute("data-panel").split(" ").map(Number);
      return {left: v[0], right: v[2], top: height - v[3], bottom: height - v[1], xmin: v[4], xmax: v[5]};
    });
    function screen(px, py) {
      var box = svg.getBoundingClientRect(), k = box.width / svg.viewBox.baseVal.width;
      return {x: box.left + px * k, y: box.top + py * k};
    }
    svg.addEventListener("pointermove", function (e) {
      var box = svg.getBoundingClientRect(), k = box.width / svg.viewBox.baseVal.width;
      var px = (e.clientX - box.left) / k, py = (e.clientY - box.top) / k;
      var p = places.findIndex(function (q) { return px >= q.left && px <= q.right && py >= q.top && py <= q.bottom; });
      if (p < 0 || !chart.panels[p]) return hide(svg);
      var q = places[p], xs = chart.panels[p].lines[0].x;
      var x = q.xmin + (px - q.left) / (q.right - q.left) * (q.xmax - q.xmin);
      show(svg, chart.panels[p], q, xs[nearest(xs, x)], {x: e.clientX, y: e.clientY});
    });
    svg.addEventListener("pointerleave", function () { hide(svg); });
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("aria-description", words.hint);
    var at = -1, panel = 0, last = Math.min(chart.panels.length, places.length) - 1;
    svg.addEventListener("keydown", function (e) {
      var step = {ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9}[e.key];
      var to = last > 0 && {ArrowDown: 1, ArrowUp: -1}[e.key]; // the panel below or above
      if (e.key === "Escape") { at = -1; return hide(svg); }
      if (!step && !to) return;
      e.preventDefault();
      panel = Math.max(0, Math.min(last, panel + (to || 0)));
      var xs = chart.panels[panel].lines[0].x, q = places[panel];
      if (step) at = (at < 0 ? (step > 0 ? -1 : xs.length) : at) + step;
      at = Math.max(0, Math.min(xs.length - 1, at));
      var px = q.left + (xs[at] - q.xmin) / (q.xmax - q.xmin) * (q.right - q.left);
      show(svg, chart.panels[panel], q, xs[at], screen(px, q.top));
    });
    svg.addEventListener("blur", function () { at = -1; hide(svg); });
  });
})();
