// What one types is kept in this browser until it is saved, so that a crash, a dead battery or a lost line costs nothing.
// The page says so. It goes when the form is saved, when its writer throws it away or signs out (parts.js), and after a month.

const MONTH = 30 * 24 * 3600 * 1000;
const PAUSE = 300;
const prefix = "draft:";

function keyOf(form) {
  return `${prefix}${form.dataset.draft}:${location.pathname}`;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // somebody else's, or no storage at all
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false; // storage is full or forbidden: then nothing is promised either
  }
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "file" && field.type !== "submit"
    && field.type !== "hidden" && field.type !== "button" && !field.disabled);
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (!isChoice(field)) values[field.name] = field.value;
    else values[`${field.name}=${field.value}`] = field.checked;
  }
  return values;
}

function put(form, draft) {
  for (const field of fieldsOf(form)) {
    const kept = draft.values[isChoice(field) ? `${field.name}=${field.value}` : field.name];
    if (kept === undefined) continue;
    if (isChoice(field)) field.checked = kept;
    else field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // The version the text was written at: if somebody has saved another text since, the server shows both.
  for (const name of ["version", "basis"]) {
    if (form.elements[name] && draft[name]) form.elements[name].value = draft[name];
  }
}

function differs(form, draft) {
  const now = valuesOf(form);
  return Object.entries(draft.values).some(([name, value]) => name in now && now[name] !== value);
}

function clock(instant) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(instant));
}

function offer(form, key, draft) {
  const place = form.parentElement.querySelector("[data-draft-offer]");
  const words = document.querySelector("template[data-draft-words]").content.cloneNode(true);
  words.querySelector("[data-draft-time]").textContent = clock(draft.at);
  words.querySelector("[data-draft-put]").addEventListener("click", () => {
    put(form, draft);
    place.replaceChildren();
    fieldsOf(form)[0].focus();
  });
  words.querySelector("[data-draft-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    place.replaceChildren();
    fieldsOf(form)[0].focus();
  });
  place.append(words);
}

function keep(form) {
  const key = keyOf(form);
  const first = valuesOf(form);
  const kept = read(key);
  if (kept && differs(form, kept)) offer(form, key, kept);
  else localStorage.removeItem(key);
  const note = form.querySelector("[data-draft-note]");
  let waiting = 0;
  const store = () => {
    clearTimeout(waiting);
    const values = valuesOf(form);
    const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => first[name] !== value));
    if (!Object.keys(changed).length) return;
    const draft = { at: Date.now(), values: changed, version: form.elements.version?.value, basis: form.elements.basis?.value };
    if (write(key, draft) && note) note.hidden = false;
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(store, PAUSE);
  });
  window.addEventListener("pagehide", () => waiting && store());
}

function forget() {
  for (const saved of document.querySelectorAll("[data-saved]")) {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && key.endsWith(`:${saved.dataset.saved}`)) localStorage.removeItem(key);
    }
  }
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && Date.now() - (read(key)?.at ?? 0) > MONTH) localStorage.removeItem(key);
  }
}

try {
  forget();
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
} catch {
  // a browser that forbids storage: the page works without it
}
