// The little script of the site. Every page works without it.
"use strict";

const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function chosenTheme() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

// Runs in the head, before anything is painted, so that no page flashes in the wrong light.
if (["dark", "light"].includes(chosenTheme())) root.dataset.theme = chosenTheme();
root.classList.add("scripted");

function toggleTheme() {
  const now = root.dataset.theme || (dark.matches ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // A browser that keeps nothing still switches this page.
  }
}

function focusSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]");
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    label.textContent = "Copied";
  } catch {
    // No clipboard here (plain HTTP on another host): the text is marked, ready for the reader's own copy key.
    getSelection().selectAllChildren(source);
    label.textContent = "Marked";
  }
  setTimeout(() => { label.textContent = "Copy"; }, 2000);
}

// An address may name a place that is folded away.
function unfold() {
  const place = document.getElementById(location.hash.slice(1));
  const box = place && place.closest("details:not([open])");
  if (!box) return;
  box.open = true;
  place.scrollIntoView();
}

window.addEventListener("hashchange", unfold);
document.addEventListener("DOMContentLoaded", () => {
  unfold();
  for (const toggle of document.querySelectorAll("[data-theme-toggle]")) {
    toggle.hidden = false;
    toggle.addEventListener("click", toggleTheme);
  }
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  if (innerWidth < 960) {
    for (const box of document.querySelectorAll("[data-closed-when-narrow]")) box.open = false;
  }
  for (const field of document.querySelectorAll("[data-submit-on-change]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }
});
document.addEventListener("keydown", focusSearch);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
