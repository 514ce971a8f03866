/* Scenarios of the what-if: named ones, undo, and A, B, C pinned side by side. */
"use strict";
(() => {
  const { $, $$, send, keep } = window.Allegiance;
  const levers = () => $$("#levers [data-path]");
  const snapshot = () => ({ preset: $("#f-preset")?.value || "", values: levers().map((l) => (l.type === "checkbox" ? l.checked : l.value)) });
  const same = (a, b) => a.preset === b.preset && a.values.every((v, k) => v === b.values[k]);
  const past = []; let now = null;
  document.addEventListener("told", () => { const next = snapshot(); if (now && !same(now, next)) past.push(now); now = next; mark(); });
  const restore = (state) => {
    if ($("#f-preset")) $("#f-preset").value = state.preset;
    levers().forEach((l, k) => { if (l.type === "checkbox") l.checked = state.values[k]; else l.value = state.values[k]; });
    now = state; window.Allegiance.again();
  };
  const mark = () => {
    const undo = $("#undo"); if (!undo) return;
    undo.disabled = !past.length;
    const query = new URLSearchParams(location.search);
    for (const button of $$("[data-pin]")) { const on = query.has(button.dataset.pin.toLowerCase()); button.setAttribute("aria-pressed", on); button.textContent = on ? `Unpin ${button.dataset.pin}` : `Pin as ${button.dataset.pin}`; }
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("#undo") && past.length) restore(past.pop());
    const pin = event.target.closest("[data-pin]");
    if (!pin) return;
    const letter = pin.dataset.pin, field = letter.toLowerCase(), query = new URLSearchParams(location.search);
    if (query.has(field)) { query.delete(field); send("unpin", letter); } else { query.set(field, query.get("set") || "-"); send("pin", letter); }
    history.replaceState(null, "", "?" + query); mark();
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!$("#undo")) return;
    now = snapshot(); mark();
    $("#f-preset")?.addEventListener("change", () => window.Allegiance.again());
  });
})();
