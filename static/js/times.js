// Instants are printed in the prize's zone by the server; here they are said again in the reader's own.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
const page = document.documentElement.lang || "en";
const language = page === "en" ? "en-GB" : page;
const joint = /^(ja|ko|zh)/.test(page) ? " " : ", ";

function wall(instant, timeZone) {
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone }).format(instant);
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(instant);
  return { day, time };
}

function place(name) {
  return name.split("/").pop().replaceAll("_", " ");
}

// On a short line the time of day is enough, unless the reader is in another day.
function inReadersWords(here, there, short) {
  return short && here.day === there.day ? here.time : here.day + joint + here.time;
}

function tellReader(element) {
  const instant = new Date(element.dateTime);
  element.dataset.told = "";
  if (!zone || Number.isNaN(instant.getTime())) return;
  const here = wall(instant, zone);
  const there = wall(instant, element.dataset.zone);
  if (here.day === there.day && here.time === there.time) return;
  const line = document.createElement("span");
  line.className = "reader-time";
  line.textContent = element.dataset.reader
    .replace("[time]", inReadersWords(here, there, "short" in element.dataset))
    .replace("[place]", place(zone));
  element.after(" ", line);
}

function parts(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return {
    days: Math.floor(seconds / 86400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

// The reader's clock may be wrong, so the count starts from the server's instant and adds only elapsed time.
function count(element) {
  element.dataset.counting = "";
  const closes = Date.parse(element.dataset.closes);
  const served = Date.parse(element.dataset.now);
  const opened = performance.now();
  const figures = element.querySelectorAll("[data-unit]");
  const tick = () => {
    const left = parts(closes - served - (performance.now() - opened));
    for (const figure of figures) figure.textContent = String(left[figure.dataset.unit]).padStart(2, "0");
  };
  tick();
  setInterval(tick, 1000);
}

function tell(root) {
  root.querySelectorAll("time[data-reader]:not([data-told])").forEach(tellReader);
  root.querySelectorAll("[data-closes]:not([data-counting])").forEach(count);
}

tell(document);
document.addEventListener("htmx:load", (event) => tell(event.detail.elt));
