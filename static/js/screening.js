// Keys for the officer's sheet: P, F, U answer the check in hand, J and K move between checks, D decides, N and B go on and back.
// Every act is also a button or a link; without this file nothing is lost.

const checks = [...document.querySelectorAll("[data-check]")];

function inHand() {
  return checks.find((check) => check.contains(document.activeElement));
}

function enter(check) {
  if (!check) return;
  const radio = check.querySelector("input:checked") || check.querySelector("input[type=radio]");
  radio.focus();
  check.scrollIntoView({ block: "nearest" });
}

function mark(letter) {
  const check = inHand() || checks[0];
  const radio = check && check.querySelector(`[data-mark="${letter}"]`);
  if (!radio || radio.disabled) return;
  radio.checked = true;
  enter(checks[checks.indexOf(check) + 1] || check);
}

function step(by) {
  const check = inHand();
  enter(check ? checks[checks.indexOf(check) + by] : checks[0]);
}

function decide() {
  const button = document.querySelector("#sheet button[value=decide]");
  if (button) button.click();
}

function go(letter) {
  const link = document.querySelector(`a[data-key="${letter}"]`);
  if (link) link.click();
}

function writing(target) {
  return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  const letter = event.key.toLowerCase();
  if ("pfu".includes(letter)) mark(letter);
  else if (letter === "j") step(1);
  else if (letter === "k") step(-1);
  else if (letter === "d") decide();
  else if (letter === "n" || letter === "b") go(letter);
  else return;
  event.preventDefault();
});
