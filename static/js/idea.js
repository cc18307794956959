/* An idea being written: the phone's position fills the point, and ideas like it show while one types. */
const PAUSE_MS = 800;
const [lat, lon, title] = ["lat", "lon", "title"].map((name) => document.getElementsByName(name)[0]);

const line = document.querySelector("[data-position]");
if (line && navigator.geolocation) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet" });
  button.textContent = line.dataset.label;
  line.before(button);
  button.addEventListener("click", () => {
    line.textContent = "";
    navigator.geolocation.getCurrentPosition(put, () => { line.textContent = line.dataset.lost; }, { enableHighAccuracy: true, timeout: 10000 });
  });
}

function put({ coords }) {
  lat.value = coords.latitude.toFixed(6);
  lon.value = coords.longitude.toFixed(6);
  for (const field of [lat, lon]) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const box = document.querySelector("[data-similar]");
let timer = 0;
if (box) for (const field of [lat, lon, title]) field.addEventListener(field === title ? "input" : "change", later);

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
}

async function look() {
  const asked = new URLSearchParams({ titre: title.value, lon: lon.value, lat: lat.value });
  try {
    const answer = await fetch(`${box.dataset.similar}?${asked}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(document.importNode(page.querySelector("#semblables"), true));
  } catch { /* the next page tells them anyway */ }
}
