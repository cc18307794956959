/* Maps: each [data-map] becomes a Leaflet map (global L, loaded before). Without it the page keeps its list. */
const REGION = [[48.83, 1.38], [51.09, 4.26]];

async function draw(box) {
  const words = JSON.parse(box.dataset.words);
  box.classList.add("is-on");
  const map = L.map(box, { zoomControl: false, attributionControl: Boolean(box.dataset.tiles) });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  map.fitBounds(REGION);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19, attribution: "© IGN, OpenStreetMap" }).addTo(map);
  if (box.dataset.center) map.setView(box.dataset.center.split(",").map(Number), 15);
  const isPicking = "pick" in box.dataset;
  const isPlaced = isPicking && pick(map, box, words);
  // Where one picks, a press goes through the shapes to the map.
  const kept = isPicking ? { interactive: false, onEachFeature: undefined } : {};
  const shown = [
    await layer(box.dataset.outlines, { ...outlines, ...kept }, map),
    await layer(box.dataset.points, { ...points, ...kept }, map),
  ];
  const [, found] = shown;
  if (!box.dataset.center && !isPlaced) frame(map, found?.getLayers().length ? [found] : shown);
}

/* A GeoJSON file as a layer, or nothing when it is not asked for or cannot be had. */
async function layer(address, style, map) {
  if (!address) return null;
  try {
    const answer = await fetch(address);
    return answer.ok ? L.geoJSON(await answer.json(), style).addTo(map) : null;
  } catch {
    return null;
  }
}

const outlines = { style: { className: "shape" }, onEachFeature: tell };
const points = {
  pointToLayer: (feature, place) =>
    feature.properties.count ? counted(feature, place) : L.circleMarker(place, { radius: 9, className: `dot ${scheme(feature)}` }),
  onEachFeature: tell,
};

/* Several things in one place: a round as large as they are many, with their number. */
function counted({ properties: { title, count } }, place) {
  const side = Math.round(Math.min(60, 30 + 6 * Math.log2(count)));
  const icon = L.divIcon({ className: "count-dot", html: String(Number(count)), iconSize: [side, side] });
  return L.marker(place, { icon, alt: `${title} : ${Number(count)}` });
}

function scheme(feature) {
  return ["pic", "ftu", "nqe", "idea"].find((code) => code === feature.properties.scheme) ?? "";
}

/* Title and link, as text: what people wrote is never read as HTML. */
function tell(feature, shape) {
  const { title, name, url } = feature.properties;
  if (!title && !name) return;
  const told = document.createElement(url ? "a" : "b");
  told.textContent = title ?? name;
  if (url && new URL(url, location.href).origin === location.origin) told.href = url;
  shape.bindPopup(told, { closeButton: false }); // Escape or a press elsewhere closes it
}

function frame(map, layers) {
  const bounds = L.latLngBounds([]);
  for (const shown of layers) if (shown) bounds.extend(shown.getBounds());
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { maxZoom: 16 });
}

/* One place: a press, or the arrows and Enter, puts the pin and fills the two fields. Says whether one was there already. */
function pick(map, box, words) {
  const [lat, lon] = [box.dataset.lat, box.dataset.lon].map((name) => document.getElementsByName(name)[0]);
  const icon = L.divIcon({ className: "", html: "<span class='pin'></span>", iconSize: [24, 24], iconAnchor: [12, 28] });
  let pin = null;

  function put(place, isTyped) {
    pin ??= L.marker(place, { icon, alt: words.here, keyboard: false }).addTo(map);
    pin.setLatLng(place);
    if (isTyped) return;
    lat.value = place.lat.toFixed(6);
    lon.value = place.lng.toFixed(6);
    lat.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function read() {
    const typed = [lat, lon].map((field) => Number(field.value.replace(",", ".")));
    if (lat.value && lon.value && typed.every(Number.isFinite)) put(L.latLng(typed), true);
  }

  read();
  if (pin) map.setView(pin.getLatLng(), 15);
  box.parentElement.querySelector(".map-hint")?.removeAttribute("hidden");
  map.on("click", (event) => put(event.latlng));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== box) return;
    event.preventDefault();
    put(map.getCenter());
  });
  for (const field of [lat, lon]) field.addEventListener("input", read);
  return Boolean(pin);
}

if (window.L) for (const box of document.querySelectorAll("[data-map]")) draw(box);
