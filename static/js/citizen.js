/* On every page: keeps a double press from sending twice, closes the menu with Escape. */
const resting = new Set();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  const button = event.submitter;
  // After the form is read, or the button's own value would not be sent.
  setTimeout(() => {
    if (!button) return;
    button.disabled = true;
    resting.add(button);
  });
});

// Coming back with the browser's arrow finds the buttons ready again.
window.addEventListener("pageshow", () => {
  resting.forEach((button) => { button.disabled = false; });
  resting.clear();
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
