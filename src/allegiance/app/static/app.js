/* What every page shares: messages to and from the server, the address, tables that sort, levers. */
"use strict";
(() => {
  const $ = (query, within = document) => within.querySelector(query);
  const $$ = (query, within = document) => [...within.querySelectorAll(query)];
  let count = 0;
  const send = (name, value) => window.Shiny && Shiny.setInputValue && Shiny.setInputValue(name, { value, count: ++count });
  const address = (changes) => {
    const query = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(changes)) value === "" || value == null ? query.delete(key) : query.set(key, value);
    return "?" + query;
  };
  const keep = (changes) => history.replaceState(null, "", address(changes));
  window.Allegiance = { $, $$, send, keep, handlers: {} };

  /* messages from the server */
  const status = (text) => { const at = $("#status"); if (at && at.textContent !== text) at.textContent = text; };
  const heard = {
    html: (m) => { $("#" + m.target).innerHTML = m.html; $("#" + m.target).dispatchEvent(new Event("filled", { bubbles: true })); },
    progress: (m) => {
      if (m.place !== "main") { const at = $(`#${m.place}-status`); if (at) at.textContent = m.done < 1 ? `${m.text} (${Math.round(100 * m.done)} %)` : ""; return; }
      const bar = $("#bar"); if (bar) bar.value = m.done;
      status(m.state === "done" && m.text !== "ready" ? `ready: ${m.text}` : m.text);
      document.body.dataset.state = m.state; document.body.dataset.done = m.done;
    },
    failed: (m) => {
      document.body.dataset.state = "failed";
      if (m.place === "check") { $("#faults").replaceChildren(); document.body.dataset.checked = "faulty"; }
      if (m.place !== "main") { const at = $(`#${m.place}-status`); if (at) { at.setAttribute("role", "alert"); at.textContent = m.text; at.classList.add("told"); } return; }
      const box = document.createElement("div"), text = document.createElement("p");
      box.className = "notice bad"; box.setAttribute("role", "alert"); text.className = "told"; text.textContent = m.text; box.append(text);
      $("#answer").replaceChildren(box); status(""); const bar = $("#bar"); if (bar) bar.value = 0;
    },
    observed: (m) => document.dispatchEvent(new CustomEvent("observed", { detail: m })),
    checked: (m) => { document.body.dataset.checked = m.ok ? "ok" : "faulty"; },
    ready: (_) => { $("#ready").hidden = false; const at = $("#prepare-status"); if (at) at.textContent = "ready"; },
  };
  const listen = () => {
    for (const [name, work] of Object.entries({ ...heard, ...window.Allegiance.handlers })) Shiny.addCustomMessageHandler(name, work);
  };

  /* fields, links and buttons */
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-go]");
    if (field && document.body.dataset.page) location.search = new URLSearchParams({ page: document.body.dataset.page, [field.dataset.go]: field.value });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-send]");
    if (button && button.dataset.send === "weigh") button.dataset.value = $("#f-side").value;
    if (button) { const ready = $("#ready"); if (button.dataset.send === "prepare" && ready) ready.hidden = true; send(button.dataset.send, button.dataset.value || ""); }
    const head = event.target.closest("table.sortable thead button");
    if (head) sort(head.closest("th"));
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const values = Object.fromEntries(new FormData(form));
    if (form.dataset.address) keep(values);
    send(form.dataset.ask, JSON.stringify(values));
  });

  /* tables */
  const dress = () => $$("table.sortable thead th").forEach((th) => {
    if ($("button", th)) return;
    const button = document.createElement("button"); button.type = "button"; button.textContent = th.textContent; th.replaceChildren(button);
  });
  const sort = (th) => {
    const table = th.closest("table"), at = [...th.parentNode.children].indexOf(th), body = table.tBodies[0];
    const up = th.getAttribute("aria-sort") !== "ascending";
    const value = (row) => { const cell = row.children[at], raw = cell.dataset.sort ?? cell.textContent.trim(), n = Number(raw); return raw !== "" && !Number.isNaN(n) ? n : raw; };
    const rows = [...body.rows].sort((a, b) => { const x = value(a), y = value(b); return (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))) * (up ? 1 : -1); });
    $$("th", th.parentNode).forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", up ? "ascending" : "descending"); body.append(...rows);
  };
  document.addEventListener("filled", dress);

  /* tables of states: one region, or the world */
  const regions = () => {
    const select = $("#f-region"), at = $("#all-states"); if (!select || !at) return;
    const known = [...new Set($$("tbody tr", at).map((row) => row.cells[1].textContent.trim()))].sort();
    const chosen = select.value || new URLSearchParams(location.search).get("region") || ""; select.replaceChildren();
    for (const value of ["", ...known]) { const option = document.createElement("option"); option.value = value; option.textContent = value || "the world"; option.selected = value === chosen; select.append(option); }
    narrow();
  };
  const narrow = () => {
    const want = $("#f-region").value;
    for (const row of $$("#answer tbody tr")) { row.hidden = want !== "" && row.cells[1].textContent.trim() !== want; }
    if (want) { $("#all-states").open = true; keep({ region: want }); } else keep({ region: "" });
    const top = $$("#all-states tbody tr").find((row) => !row.hidden), out = $("#region-top");
    if (out && top) out.textContent = want ? `Highest in ${want}: ${top.cells[0].textContent.trim()}, ${top.cells[2].textContent.trim()} (90 % interval ${top.cells[3].textContent.trim()}).` : "";
  };
  document.addEventListener("filled", (event) => { if (event.target.id === "answer") regions(); });
  document.addEventListener("change", (event) => { if (event.target.id === "f-region") narrow(); });

  /* search and filter of cards */
  const filter = () => {
    const words = ($("#search")?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
    const task = $("#f-task")?.value || "", outcome = $("#f-outcome")?.value || "";
    let shown = 0;
    for (const card of $$(".card")) {
      const fits = words.every((w) => card.dataset.words.includes(w)) && (!task || card.dataset.task === task) && (!outcome || card.dataset.outcomes.split(" ").includes(outcome));
      card.hidden = !fits; shown += fits;
    }
    const at = $("#found"); if (at) at.textContent = `${shown} case${shown === 1 ? "" : "s"}`;
  };

  /* levers */
  const levers = () => $$("#levers [data-path]");
  const now = (lever) => (lever.type === "checkbox" ? Number(lever.checked) : Number(lever.value));
  const dated = (lever, day) => new Date(Date.parse(lever.dataset.start) + day * 864e5);
  const told = (lever) => (lever.dataset.start ? dated(lever, now(lever)).toISOString().slice(0, 10) : now(lever));
  const rest = new Map(); // what each slider says while nobody has moved it, whatever the browser made of its value
  const atRest = (lever) => {
    const now = lever.value; lever.value = lever.dataset.value; rest.set(lever, lever.value); lever.value = now;
  };
  const isMoved = (lever) => (lever.type === "checkbox" ? now(lever) !== Number(lever.dataset.value) : lever.value !== rest.get(lever));
  window.Allegiance.moved = () => levers().filter(isMoved).map((l) => l.dataset.path);
  const show = (lever) => {
    const row = lever.closest(".lever"), out = $("output", row);
    row.classList.toggle("moved", isMoved(lever));
    const value = isMoved(lever) ? now(lever) : Number(lever.dataset.value);
    if (out) { out.textContent = lever.dataset.start ? dated(lever, value).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }) : value.toLocaleString("en", { maximumSignificantDigits: 10 }); lever.setAttribute("aria-valuetext", out.textContent); }
  };
  let timer = 0;
  const tell = () => {
    const moved = Object.fromEntries(levers().filter(isMoved).map((l) => [l.dataset.path, told(l)]));
    if ($("#f-preset")?.value) moved.preset = $("#f-preset").value;
    keep({ case: $("[data-case]").dataset.case, side: $("#f-side").value, set: Object.entries(moved).map(([k, v]) => `${k}=${v}`).join(";") });
    document.body.dataset.state = "asked"; status("asked");
    const ready = $("#ready"); if (ready) ready.hidden = true;
    send("levers", JSON.stringify(moved));
    document.dispatchEvent(new Event("told"));
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(tell, 100); };
  window.Allegiance.again = () => { for (const lever of levers()) show(lever); tell(); };
  const setup = () => {
    dress(); listen();
    for (const lever of levers()) { if (lever.type !== "checkbox") atRest(lever); show(lever); lever.addEventListener("input", () => { show(lever); soon(); }); }
    $("#reset")?.addEventListener("click", () => { for (const l of levers()) { if (l.type === "checkbox") l.checked = l.dataset.value === "1"; else l.value = l.dataset.value; show(l); } if ($("#f-preset")) $("#f-preset").value = ""; tell(); });
    if ($("#levers")) $("#f-side").addEventListener("change", (event) => {
      for (const row of $$("#levers .lever")) row.hidden = !(row.dataset.side === "" || row.dataset.side === event.target.value);
      hollow(); keep({ side: event.target.value }); document.dispatchEvent(new Event("side"));
    });
    hollow();
    if ($("#search")) for (const field of $$("#search, #f-task, #f-outcome")) field.addEventListener("input", filter);
    if ($("#search")) filter();
    $$("#upload").forEach((field) => field.addEventListener("change", upload));
    $("#f-member")?.addEventListener("change", (event) => send("member", event.target.value));
    const editor = $("#editor");
    if (editor) { window.jQuery(document).one("shiny:idle", () => check(editor.value)); let wait = 0; editor.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => check(editor.value), 350); }); }
    document.addEventListener("click", jump);
  };
  const hollow = () => $$("#levers details").forEach((d) => { d.hidden = !$$(".lever", d).some((row) => !row.hidden); });

  /* a case of one's own */
  const check = (text) => {
    if (new Blob([text]).size > 2000000) { heard.html({ target: "faults", html: "" }); const p = document.createElement("p"); p.textContent = "The case is too large: at most 2 MB."; $("#faults").append(p); return; }
    document.body.dataset.checked = ""; send("text", text);
  };
  window.Allegiance.handlers.editor = (m) => { const editor = $("#editor"); editor.value = m.text; check(m.text); };
  const form = () => JSON.stringify(Object.fromEntries(new FormData($("#wizard"))));
  let asked = 0;
  document.addEventListener("input", (event) => { if (event.target.closest("#wizard")) { clearTimeout(asked); asked = setTimeout(() => send("answers", form()), 400); } });
  document.addEventListener("click", (event) => { if (event.target.id === "fill") send("draft", form()); });
  const upload = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    if (file.size > 2000000) { $("#faults").textContent = `${file.name} is too large for a case: ${(file.size / 1e6).toFixed(1)} MB, at most 2 MB.`; return; }
    $("#editor").value = await file.text(); send("name", file.name.slice(0, 80)); check($("#editor").value);
  };
  const jump = (event) => {
    const button = event.target.closest("[data-line]"), editor = $("#editor");
    if (!button || !editor) return;
    if ($("#file")) $("#file").open = true;
    const lines = editor.value.split("\n"), line = Number(button.dataset.line) - 1;
    const start = lines.slice(0, line).join("\n").length + (line ? 1 : 0);
    editor.focus(); editor.setSelectionRange(start, start + (lines[line] || "").length);
    editor.scrollTop = Math.max(0, line * 19.5 - 120);
  };
  document.addEventListener("DOMContentLoaded", setup); // fires after the other deferred scripts have added their handlers
})();
